#!/usr/bin/env bash
# The tests that need real servers, with the servers, in two rows that run beside each other, each file after file: the
# application on a graph database, and everything else on another one: a Neo4j Community server has one database for all.
# Where a report is asked for (--outputFile.json=NAME.json) the second is NAME-beside.json.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = --with-servers ] || exec node scripts/with-servers.ts -- bash scripts/test-servers.sh --with-servers "$@"
shift
mapfile -t files < <(grep -rlE 'describeOn|describeOnAll|whyMissing|startFaultProxy' test --include='*.test.ts' | sort)
mapfile -t application < <(grep -lE 'neo4j' "${files[@]}" | grep '^test/app/')
mapfile -t others < <(printf '%s\n' "${files[@]}" | grep -vxF "$(printf '%s\n' "${application[@]}")")
output=$(mktemp)
trap 'rm -f "$output"' EXIT
node scripts/with-servers.ts --only neo4j -- npx vitest run --no-file-parallelism "${others[@]}" "${@/%.json/-beside.json}" > "$output" 2>&1 &
beside=$!
status=0
npx vitest run --no-file-parallelism "${application[@]}" "$@" || status=$?
wait "$beside" || status=$?
cat "$output"
exit "$status"
