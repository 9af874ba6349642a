import { randomId } from "../data/identity.ts";
import type { Principal } from "../data/principal.ts";
import type { EntityServices } from "../http/services.ts";
import type { EntityDescriber } from "../steps/describe-entity.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";

export function entityServices({ knowledge, describer }: { knowledge: KnowledgeStore; describer: EntityDescriber }): EntityServices {
  return {
    search: (principal, { collection, text, type, limit, cursor }) => knowledge.search(principal, [collection], text, type, limit, cursor),
    async get(principal, id, { summary = true, requestId = randomId() } = {}) {
      const entity = await knowledge.entity(principal, id);
      if (!entity) return null;
      const described = summary ? await describer.describe(principal, entity, requestId) : { summarised: false, decision: null, warnings: [] };
      const mentions = await knowledge.mentions(principal, id, 100);
      const relations = await knowledge.relations(principal, [entity.id], 100);
      const ends = [...new Set(relations.flatMap((each) => [each.source, each.target]))].filter((each) => each !== entity.id);
      const neighbours = await Promise.all(ends.slice(0, 50).map((each) => knowledge.entity(principal, each)));
      return { ...entity, ...described, mentions, relations, neighbours: neighbours.filter((each) => each !== null) };
    },
    async graph(principal, { collection, entity, to, hops, limit }) {
      const ends = await Promise.all([entity, to].map((name) => name && thingNamed(principal, collection, name)));
      if ((entity && !ends[0]) || (to && !ends[1])) return null;
      const [from, end] = ends;
      if (from && end) return knowledge.paths(principal, [collection], { from, to: end }, hops, limit);
      return knowledge.graph(principal, [collection], from ?? null, hops, limit);
    },
  };

  /** By id, or the best match of a name. */
  async function thingNamed(principal: Principal, collection: string, name: string): Promise<string | null> {
    const thing = (await knowledge.entity(principal, name)) ?? (await knowledge.search(principal, [collection], name, null, 1, null)).items[0];
    return thing?.id ?? null;
  }
}
