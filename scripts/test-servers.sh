#!/usr/bin/env bash
# The tests that need real servers, with the servers. What uses the graph database, which is one for all, runs file after
# file, everything else beside it. Where a report is asked for (--outputFile.json=NAME.json) the second is NAME-beside.json.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = --with-servers ] || exec node scripts/with-servers.ts -- bash scripts/test-servers.sh --with-servers "$@"
shift
mapfile -t files < <(grep -rlE 'describeOn|describeOnAll|whyMissing|startFaultProxy' test --include='*.test.ts' | sort)
mapfile -t graph < <(grep -lE 'neo4j' "${files[@]}")
mapfile -t others < <(grep -LE 'neo4j' "${files[@]}")
output=$(mktemp)
trap 'rm -f "$output"' EXIT
npx vitest run --no-file-parallelism "${others[@]}" "${@/%.json/-beside.json}" > "$output" 2>&1 &
beside=$!
status=0
npx vitest run --no-file-parallelism "${graph[@]}" "$@" || status=$?
wait "$beside" || status=$?
cat "$output"
exit "$status"
