#!/usr/bin/env bash
# Packs, looks at what is in the package, installs it in an empty folder without any install script, and works with it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?usage: try-package.sh EMPTY_FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if [ -n "$(ls -A "$folder")" ]; then echo "$folder is not empty" >&2; exit 2; fi

echo "-- pack"
(cd "$root" && npm pack --json --pack-destination "$folder" > "$folder/pack.json")
node "$root/scripts/check-package.mjs" "$folder/pack.json"
package=$(ls "$folder"/*.tgz)

echo "-- install"
cd "$folder"
npm init --yes > /dev/null
# Nothing is compiled and no script of any package runs.
npm install --no-audit --no-fund --ignore-scripts "./$(basename "$package")"
if [ -d node_modules/better-sqlite3 ]; then echo "better-sqlite3 was fetched again beside the bundled one" >&2; exit 1; fi

echo "-- work"
printf '# Lantern Works\n\nLantern Works Ltd makes lamps in Aberdeen. It employs 40 people.\n' > note.md
cp "$root"/test/documents/{annual-report.pdf,memo.docx,price-list.xlsx,hr-letter.eml,scanned-delivery-note.png} .
npx sluice --help > help.txt
grep -q "ingest" help.txt
npx sluice check > check.txt
cat check.txt
if grep -q "^FAILED" check.txt; then exit 1; fi
npx sluice ingest note.md annual-report.pdf memo.docx price-list.xlsx hr-letter.eml scanned-delivery-note.png --json > ingest.txt
tail -n 1 ingest.txt
grep -q '"documents":6,"done":6,"failed":0' ingest.txt
npx sluice ask "Where does Lantern Works make lamps?" | tee answer.txt
grep -q "Aberdeen.*\[1\]" answer.txt
printf 'Ada Quill, ada.quill@example.org\n' > private.txt
npx sluice scan private.txt --json | tee scan.txt
grep -q '"class":"pii"' scan.txt

echo "-- what is only in a checkout says so"
says() { local words=$1; shift; if "$@" > said.txt 2>&1; then echo "should have failed: $*" >&2; exit 1; fi; cat said.txt; grep -q "$words" said.txt; }
says "samples\|sample documents" npx sluice demo
says "checkout" npx sluice demo --model-server
says "npm install --save-dev @langchain/langgraph-cli@" npx sluice studio --port 2399
