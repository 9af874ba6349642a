import { describe, expect, it } from "vitest";
import { checkDestinations, destinations } from "../../src/app/destinations.ts";
import { loadConfig } from "../../src/config.ts";
import { openApp } from "../../src/app.ts";

const servers = (changes: { qdrant?: object; postgres?: object } = {}) => ({
  stores: {
    text: { driver: "qdrant" },
    vectors: { driver: "qdrant", url: "http://10.0.0.5:6333", ...changes.qdrant },
    knowledge: { driver: "neo4j", url: "bolt://10.0.0.6:7687", user: "neo4j", password: "p" },
    ledger: { driver: "postgres", url: "postgres://sluice:geheim@10.0.0.7/sluice", ...changes.postgres },
    queue: { driver: "redis", url: "redis://:geheim@192.168.1.9:6379" },
  },
});
const load = (...values: unknown[]) => loadConfig({ values, environment: {} });

describe("every address of the configuration", () => {
  it("has a location, and is shown without its password", () => {
    const all = destinations(load(servers()));
    expect(all.map(({ key, address, location }) => [key, address, location])).toEqual([
      ["stores.vectors", "http://10.0.0.5:6333", "local"],
      ["stores.knowledge", "bolt://10.0.0.6:7687", "local"],
      ["stores.ledger", "postgres://10.0.0.7/sluice", "local"],
      ["stores.queue", "redis://192.168.1.9:6379", "local"],
      ['models.backends "ollama"', "http://127.0.0.1:11434", "local"],
    ]);
  });

  it("that is public and to be local is refused at start, each by its key", async () => {
    const config = load(servers({ qdrant: { url: "https://8.8.8.8:6333" }, postgres: { url: "postgres://u:geheim@9.9.9.9/db" } }));
    const refused = checkDestinations(config);
    await expect(refused).rejects.toMatchObject({ code: "config", message: expect.stringMatching(/stores\.vectors: a public address[\s\S]*stores\.ledger: a public address/) });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining("geheim") });
    await expect(openApp({ config, workers: false })).rejects.toMatchObject({ code: "config" });
  });

  it("may be public with a reason, which is shown", async () => {
    const config = load(servers({ qdrant: { url: "https://8.8.8.8:6333", trusted: "our own machine at the hoster" } }));
    await expect(checkDestinations(config)).resolves.toBeUndefined();
    expect(destinations(config)[0]).toMatchObject({ trusted: "our own machine at the hoster" });
  });

  it("without a host of its own is Amazon's, and not local", async () => {
    const s3 = { driver: "s3", bucket: "b", accessKeyId: "a", secretAccessKey: "s" };
    await expect(checkDestinations(load({ stores: { files: s3 } }))).rejects.toMatchObject({ message: expect.stringContaining("stores.files: Amazon's address is not local") });
    await expect(checkDestinations(load({ stores: { files: { ...s3, trusted: "contract 12" } } }))).resolves.toBeUndefined();
  });
});
