import neo4j, { type Driver } from "neo4j-driver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Neo4jServer, startNeo4j } from "./neo4j.ts";
import { whyMissing } from "./server-cache.ts";

const missing = whyMissing("neo4j");

describe.skipIf(missing)(`a real Neo4j${missing ? ` (${missing})` : ""}`, () => {
  let server: Neo4jServer;
  const drivers: Driver[] = [];
  const connect = (url: string, password = server.password): Driver => {
    const driver = neo4j.driver(url, neo4j.auth.basic(server.user, password), { disableLosslessIntegers: true, telemetryDisabled: true, connectionAcquisitionTimeout: 5000, maxTransactionRetryTime: 2000 });
    drivers.push(driver);
    return driver;
  };
  beforeAll(async () => {
    server = await startNeo4j();
  }, 150_000);
  afterAll(async () => {
    await Promise.all(drivers.map((driver) => driver.close()));
    await server?.stop();
  }, 60_000);

  test("is the Community edition, and keeps what it committed when it is killed", async () => {
    const driver = connect(server.url);
    const { records } = await driver.executeQuery("CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' RETURN versions[0] AS version, edition");
    expect(records[0]!.toObject()).toEqual({ version: "5.26.30", edition: "community" });
    await driver.executeQuery("CREATE CONSTRAINT kept IF NOT EXISTS FOR (n:Kept) REQUIRE n.id IS UNIQUE");
    await driver.executeQuery("UNWIND range(1, 1000) AS id MERGE (:Kept {id: id})");
    await server.kill("SIGKILL");
    await expect(driver.executeQuery("RETURN 1")).rejects.toMatchObject({ code: "ServiceUnavailable", retriable: true });
    await server.restart();
    const counted = await driver.executeQuery("MATCH (n:Kept) RETURN count(n) AS n");
    expect(counted.records[0]!.get("n")).toBe(1000);
  }, 150_000);

  test("refuses a wrong password with its code, and not as something to try again", async () => {
    await expect(connect(server.url, "a wrong one").executeQuery("RETURN 1")).rejects.toMatchObject({ code: "Neo.ClientError.Security.Unauthorized", retriable: false });
  });

  test("says that a port where nobody listens is unavailable", async () => {
    await expect(connect("bolt://127.0.0.1:1").executeQuery("RETURN 1")).rejects.toMatchObject({ code: "ServiceUnavailable" });
  });
});
