// One run of the application on one document; started by the kill tests, and killed by them.
import { modelServers, openTestApp } from "../open-test-app.ts";
import { killValues } from "./kill-values.ts";

const [folder, file, server] = process.argv.slice(2) as [string, string, string];
const app = await openTestApp([modelServers(server), killValues], folder);
const { jobId } = await app.add(file);
process.stdout.write(`${jobId}\n`);
const job = await app.ended(jobId);
process.stdout.write(`${job.status}\n`);
await app.end(true);
