#!/usr/bin/env bash
# The tests that need real servers, with the servers: one file after the other, since the graph database is one for all.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(grep -rlE 'describeOn|describeOnAll|whyMissing|startFaultProxy' test --include='*.test.ts' | sort)
exec node scripts/with-servers.ts -- npx vitest run --no-file-parallelism "${files[@]}" "$@"
