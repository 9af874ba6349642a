import type { Tier } from "../data/decision.ts";
import type { OfferedModel } from "./backends/backend.ts";
import { rateAt, type PriceTable } from "./prices.ts";

const gigabyte = 1e9;
/** A local `auto` takes no model that a workstation would not hold. */
const largestLocal = 26 * gigabyte;
/** Below this, answers in JSON are rarely right. */
const smallestUseful = 1.5 * gigabyte;

/**
 * The model of a tier: the named one (with or without `:latest`), or for `auto` the best fit among what is offered; on a
 * cloud only what has a price. `roomBytes`: memory of the machine it would have to fit into. Undefined when there is none. Equal ones by name, so that every start picks the same.
 */
export function pickModel(offered: OfferedModel[], tier: Tier, wanted: string, cloud: { prices: PriceTable; backend: string } | null, roomBytes = Infinity): OfferedModel | undefined {
  if (wanted !== "auto") return offered.find((model) => model.name === wanted || model.name === `${wanted}:latest`);
  const able = offered.filter((model) => isAble(model, tier));
  return cloud ? pickCloud(able, tier, cloud) : pickLocal(able, tier, Math.min(largestLocal, roomBytes));
}

export const isEmbedding = (model: OfferedModel): boolean => model.capabilities.includes("embedding") || (model.capabilities.length === 0 && /embed|bge-|minilm|e5-/iu.test(model.name));

function isAble(model: OfferedModel, tier: Tier): boolean {
  if (tier === "embedding") return isEmbedding(model);
  if (tier === "vision") return model.capabilities.includes("vision");
  return !isEmbedding(model) && (model.capabilities.length === 0 || model.capabilities.includes("completion"));
}

function pickLocal(able: OfferedModel[], tier: Tier, room: number): OfferedModel | undefined {
  const bySize = able.toSorted((a, b) => a.size - b.size || (a.name < b.name ? -1 : 1));
  if (tier === "embedding") return bySize.find((model) => /(^|\/)bge-m3/u.test(model.name)) ?? bySize[0];
  const fitting = bySize.filter((model) => model.size <= room);
  if (tier === "fast") return fitting.find((model) => model.size >= smallestUseful) ?? fitting.at(-1) ?? bySize[0];
  // A text model answers better than a vision model of its size.
  const plain = tier === "strong" ? fitting.filter((model) => !model.capabilities.includes("vision")) : [];
  return plain.at(-1) ?? fitting.at(-1) ?? bySize[0];
}

function pickCloud(able: OfferedModel[], tier: Tier, cloud: { prices: PriceTable; backend: string }): OfferedModel | undefined {
  const priced = able
    .map((model) => ({ model, output: rateAt(cloud.prices, cloud.backend, model.name, new Date())?.output ?? null }))
    .filter((each) => each.output !== null)
    .toSorted((a, b) => a.output! - b.output! || (a.model.name < b.model.name ? -1 : 1));
  // Among text models the dearest is seldom needed: strong is the dearest that costs at most ten times the cheapest.
  if (tier !== "strong") return priced[0]?.model;
  const plain = priced.filter((each) => !each.model.capabilities.includes("vision"));
  const choice = plain.length ? plain : priced;
  return choice.findLast((each) => each.output! <= choice[0]!.output! * 10)?.model;
}
