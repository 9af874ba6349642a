import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SluiceError } from "../errors.ts";
import { packageRoot } from "../workers/package-root.ts";

interface ScriptedServer {
  url: string;
  close(): Promise<void>;
}

interface ScriptedServerModule {
  startModelServer(options: { role: "local" | "cloud"; apiKey?: string; latencyMs?: number; slots?: number; record?: boolean }): Promise<ScriptedServer>;
}

/** Key of the scripted cloud; it opens nothing but that. */
const apiKey = "test-key";

/** Two scripted servers, one playing a local daemon and one the cloud, and the settings that name them. */
export async function startScriptedServers(): Promise<{ overlay: Record<string, unknown>; close(): Promise<void> }> {
  const module = join(packageRoot, "test/servers/model-server/model-server.ts");
  if (!existsSync(module)) throw new SluiceError("config", "--model-server works in a checkout of the sources only: the scripted model server is not part of the package");
  const { startModelServer } = (await import(pathToFileURL(module).href)) as ScriptedServerModule;
  const common = { latencyMs: 20, slots: 4, record: false };
  const local = await startModelServer({ ...common, role: "local" });
  const cloud = await startModelServer({ ...common, role: "cloud", apiKey });
  return {
    overlay: {
      models: {
        backends: [
          { id: "ollama", driver: "ollama", location: "local", url: local.url },
          { id: "ollama-cloud", driver: "ollama", location: "cloud", url: cloud.url, apiKey, enabled: true },
        ],
      },
    },
    async close() {
      await local.close();
      await cloud.close();
    },
  };
}
