import { describe, expect, it } from "vitest";
import { knowledgeStoreContract } from "../contracts/knowledge-store.contract.ts";
import { draft } from "../contracts/plans.ts";
import { everything, scope, seeing, store } from "../contracts/stores.ts";
import { openEmbedded } from "./embedded-stores.ts";

knowledgeStoreContract("embedded", openEmbedded);

describe("the embedded knowledge store", () => {
  it("links no passage that is hidden below the class of its mention, and does not count it", async () => {
    const stores = await openEmbedded();
    const mixed = draft({ key: "mixed", chunks: [{ text: "open", mentions: ["Kielwerft"] }, { text: "closed", class: "pii", mentions: ["Kielwerft"] }] });
    const [open, closed] = mixed.plan.chunks.map((chunk) => chunk.id);
    for (const mention of mixed.plan.mentions) mention.class = "pii";
    await store(stores, mixed);
    const { links, frequency } = await stores.knowledge.linksOfNames(seeing(["pii"]), [scope.collection], ["kielwerft"], 1);
    expect(links.map((each) => each.chunkId)).toEqual([closed]);
    expect(frequency.get("kielwerft")).toBe(1);
    expect((await stores.knowledge.linksOfNames(everything, [scope.collection], ["kielwerft"], 2)).links.map((each) => each.chunkId).toSorted()).toEqual([open!, closed!].toSorted());
    await stores.close();
  });

  it("shows a thing with more mentions than are read with all of them counted", async () => {
    const stores = await openEmbedded();
    await store(stores, draft({ key: "many", chunks: Array.from({ length: 60 }, (_, place) => ({ text: `Kielwerft ${place}`, mentions: Array.from({ length: 10 }, (__, at) => `Kielwerft|Kielwerft ${at}`) })) }));
    const [found] = await stores.knowledge.entitiesOfChunks(everything, [draft({ key: "many", chunks: [{ text: "Kielwerft 0" }] }).plan.chunks[0]!.id], 5);
    expect(found).toMatchObject({ name: "Kielwerft", mentionCount: 600, documentCount: 1 });
    await stores.close();
  });
});
