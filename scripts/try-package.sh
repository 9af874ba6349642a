#!/usr/bin/env bash
# Packs, installs the package in an empty folder, and ingests a file with it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?usage: try-package.sh EMPTY_FOLDER}
mkdir -p "$folder"
package=$(cd "$root" && npm pack --silent --pack-destination "$folder" | tail -n 1)
cd "$folder"
npm init -y > /dev/null
npm install --no-audit --no-fund "./$package"
printf '# Lantern Works\n\nLantern Works Ltd makes lamps in Aberdeen. It employs 40 people.\n' > note.md
npx sluice ingest note.md --json | tail -n 1
npx sluice ask "Where does Lantern Works make lamps?" | tee answer.txt
grep -q "Aberdeen" answer.txt
