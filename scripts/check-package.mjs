// Plain JavaScript, since the Node of a fresh machine runs it: `node scripts/check-package.mjs PACK_JSON`, where PACK_JSON is
// what `npm pack --json` wrote. Ends with an error when the package lacks something, or holds what does not belong in it.
import { readFileSync } from "node:fs";

const text = readFileSync(process.argv[2], "utf8");
const [{ files, bundled, size, unpackedSize }] = JSON.parse(text.slice(text.indexOf("[\n")));
const own = files.map(({ path }) => path).filter((path) => !path.startsWith("node_modules/"));
const wrong = [];

for (const name of ["LICENSE", "NOTICE", "README.md", "package.json", "bin/sluice.js", "config/default.yaml", "config/privacy.yaml", "config/vocabulary.yaml", "config/prices.yaml", "config/language/gazetteer.tsv.gz", "config/language/common.txt.gz", "config/language/roles.txt", "dist/src/cli/command.js", "dist/src/studio.js", "dist/src/parsers/parse-child.js", "dist/src/workers/child-main.js", "dist/src/workers/thread-main.js", "dist/src/workers/no-network.js", "dist/src/stores/sqlite/writer-thread.js", "dist/src/privacy/scan-thread.js", "dist/graphs/ingest.js"]) {
  if (!own.includes(name)) wrong.push(`${name} is missing`);
}
if (!own.some((path) => path.startsWith("prompts/"))) wrong.push("prompts/ is missing");
for (const path of own) {
  if (/\.tsx?$|\.map$/.test(path) || /^(src|test|bench|scripts|graphs|data|\.ci)\//.test(path)) wrong.push(`${path} does not belong in the package`);
}
for (const name of ["better-sqlite3", "@langchain/langgraph-checkpoint-sqlite"]) if (!bundled.includes(name)) wrong.push(`${name} is not bundled`);
if (size > 20_000_000) wrong.push(`${size} bytes are more than 20 MB`);

console.log(`${own.length} files of our own, ${files.length} with the bundled packages (${bundled.join(", ")}); ${(size / 1e6).toFixed(1)} MB packed, ${(unpackedSize / 1e6).toFixed(1)} MB unpacked`);
for (const each of wrong) console.error(each);
process.exitCode = wrong.length > 0 ? 1 : 0;
