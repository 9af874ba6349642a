import { afterAll, expect, it } from "vitest";
import { sha256 } from "../../src/data/identity.ts";
import { openAnswerCache } from "../../src/models/answer-cache.ts";
import type { Cache } from "../../src/stores/cache/cache.ts";
import { openCache } from "../../src/stores/cache/open-cache.ts";
import { answerCacheContract, parameters, producer, task } from "../contracts/answer-cache.contract.ts";

const opened: Cache[] = [];
afterAll(() => Promise.all(opened.map((each) => each.close())));
const open = async (): Promise<Cache> => {
  const cache = await openCache();
  opened.push(cache);
  return cache;
};
const broken = async (changes: Partial<Cache>) => openAnswerCache({ ...(await open()), ...changes }, { enabled: true, ttlSeconds: 60 });

answerCacheContract("sqlite", open);

it("takes what a store gives back broken, of another form or not at all for nothing", async () => {
  for (const value of ['{"content":"half', "null", '{"content":5}', ""]) expect(await (await broken({ get: async () => value })).get(task(), producer, sha256("x"), parameters)).toBeNull();
  expect(await (await broken({ get: () => Promise.reject(new Error("gone")), set: () => Promise.reject(new Error("gone")) })).get(task(), producer, sha256("x"), parameters)).toBeNull();
});
