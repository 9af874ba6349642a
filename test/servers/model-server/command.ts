import { parseArgs } from "node:util";
import { cloudModels, localModels } from "./catalogue.ts";
import { type Fault, faultKinds, type FaultKind } from "./faults.ts";
import { startModelServer } from "./model-server.ts";

const help = `npm run model-server -- [options]

Starts two scripted model servers that speak Ollama's protocol, one playing a local daemon and one playing the cloud,
so that the hybrid path can be tried without weights. Prints a configuration overlay for them.

  --port N         local server (11434)
  --cloud-port N   cloud server (11435); 0 starts none
  --api-key KEY    what the cloud asks for (test-key)
  --latency MS     how long each call takes (200)
  --slots N        calls at once per server (4)
  --fault SPEC     KIND[@N,N…][:cloud|:local], repeatable: rate-limit@1,2:cloud fails the first two cloud calls.
                   Without numbers every call fails; without a place, the cloud's.
  --overlay-only   print only the overlay
  --help

Kinds of fault: ${faultKinds.join(", ")}
`;

function readFault(spec: string): { fault: Fault; role: "local" | "cloud" } {
  const match = /^([a-z-]+)(?:@([\d,]+))?(?::(cloud|local))?$/.exec(spec);
  if (!match || !faultKinds.includes(match[1] as FaultKind)) {
    process.stderr.write(`--fault ${spec}: expected KIND[@N,N…][:cloud|:local], where KIND is one of ${faultKinds.join(", ")}\n`);
    process.exit(2);
  }
  return { fault: { kind: match[1] as FaultKind, ...(match[2] ? { requests: match[2].split(",").map(Number) } : {}) }, role: (match[3] as "local" | "cloud" | undefined) ?? "cloud" };
}

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "11434" },
    "cloud-port": { type: "string", default: "11435" },
    "api-key": { type: "string", default: "test-key" },
    latency: { type: "string", default: "200" },
    slots: { type: "string", default: "4" },
    fault: { type: "string", multiple: true, default: [] },
    "overlay-only": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const faults = values.fault.map(readFault);
const common = { latencyMs: Number(values.latency), slots: Number(values.slots), record: false };
const of = (role: string): Fault[] => faults.filter((each) => each.role === role).map((each) => each.fault);
const local = await startModelServer({ ...common, role: "local", port: Number(values.port), faults: of("local") });
const cloud = values["cloud-port"] === "0" ? null : await startModelServer({ ...common, role: "cloud", port: Number(values["cloud-port"]), apiKey: values["api-key"], faults: of("cloud") });

process.stdout.write(`# Save as model-server.yaml, then: sluice ingest PATH --config model-server.yaml
models:
  backends:
    - { id: ollama, driver: ollama, location: local, url: "${local.url}" }
${cloud ? `    - { id: ollama-cloud, driver: ollama, location: cloud, url: "${cloud.url}", apiKey: "${values["api-key"]}", enabled: true }\n` : ""}`);
if (!values["overlay-only"]) {
  process.stderr.write(`local models: ${localModels.map((each) => each.name).join(", ")}\ncloud models: ${cloud ? cloudModels.map((each) => each.name).join(", ") : "none"}\nCtrl-C stops.\n`);
}
const stop = (): void => {
  void Promise.all([local.close(), cloud?.close()]).then(() => process.exit(0));
};
process.once("SIGINT", stop).once("SIGTERM", stop);
