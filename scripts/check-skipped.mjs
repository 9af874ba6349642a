// Reads vitest's reports, first that of the run without real servers. Fails when a contract, a store's or a server's test was
// skipped: a file that a later run holds counts there only. LangGraph's own checkpoint suite skips what a saver that stores whole
// channels does not offer.
import { readFileSync } from "node:fs";

const allowed = /^stores\/checkpoints\//;
const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")).testResults);
const fileOf = ({ name }) => name.split("/test/").pop();
const [first, ...later] = runs;
const withServers = later.flat();
const results = [...first.filter((each) => !withServers.some((other) => fileOf(other) === fileOf(each))), ...withServers];
const tests = results.flatMap((file) => file.assertionResults.map(({ fullName, status }) => ({ file: fileOf(file), title: `${fileOf(file)}: ${fullName}`, status })));
const count = (status) => tests.filter((each) => each.status === status).length;
const skipped = tests.filter(({ status }) => status !== "passed" && status !== "failed");
console.log(`${count("passed")} passed, ${count("failed")} failed, ${skipped.length} skipped`);
for (const { title } of skipped) console.log(`skipped: ${title}`);
if (count("failed") > 0 || skipped.some(({ file }) => /^((contracts|servers|stores)\/|app\/cluster)/.test(file) && !allowed.test(file))) process.exit(1);
