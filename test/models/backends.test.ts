import { backendFaults } from "./backend-faults.contract.ts";
import { backendContract, type BackendKind } from "./backend.contract.ts";

const kinds: BackendKind[] = [
  { name: "ollama, local", location: "local", protocol: "ollama", inPrompt: false },
  { name: "ollama, cloud", location: "cloud", protocol: "ollama", inPrompt: true },
  { name: "openai, local", location: "local", protocol: "openai", inPrompt: false },
  { name: "openai, cloud", location: "cloud", protocol: "openai", inPrompt: false },
  { name: "openai, a server that knows no schema", location: "local", protocol: "openai", inPrompt: true, server: { ignoresFormat: true }, backend: { structured: "prompt" } },
];

for (const kind of kinds) {
  backendContract(kind);
  backendFaults(kind);
}
