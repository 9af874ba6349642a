import { allClasses, type Class } from "../../data/classification.ts";
import type { Principal } from "../../data/principal.ts";
import { lastMoment, type Filters } from "../../data/query.ts";
import type { Schemas } from "@qdrant/js-client-rest";
import type { InFlight } from "../store-writer.ts";

export type Filter = Schemas["Filter"];
type Condition = Schemas["Condition"];

export const is = (key: string, value: string | number): Condition => ({ key, match: { value } });
export const isAny = (key: string, values: readonly string[]): Condition => ({ key, match: { any: [...values] } });
const isOpen: Condition = { is_empty: { key: "until" } };

/** What readers see: of a document in flight the committed revision, of any other what has not vanished. */
export function visible(inFlight: InFlight): Condition[] {
  if (inFlight.size === 0) return [isOpen];
  const rest: Condition = { must: [isOpen], must_not: [isAny("document", [...inFlight.keys()])] };
  const committed = [...inFlight].flatMap(([id, revision]): Condition[] =>
    revision === null ? [] : [{ must: [is("document", id), { key: "since", range: { lte: revision } }], should: [isOpen, { key: "until", range: { gt: revision } }] }],
  );
  return [{ should: [rest, ...committed] }];
}

/** Everything a query may find: the principal's tenant and classes, the collections, what is visible, and the filters. */
export function sight(principal: Principal, collections: readonly string[] | null, inFlight: InFlight, filters: Filters = {}): Filter {
  const { documents, mediaTypes, after, before, classes } = filters;
  const seen: Class[] = allClasses.filter((each) => principal.classes.includes(each) && (!classes || classes.includes(each)));
  const date = {
    ...(after !== undefined && { gte: Date.parse(after) }),
    ...(before !== undefined && { lte: lastMoment(before) }),
  };
  const must: Condition[] = [
    is("tenant", principal.tenant),
    ...(collections ? [isAny("collection", collections)] : []),
    isAny("class", seen),
    ...visible(inFlight),
    ...(documents ? [isAny("document", documents)] : []),
    ...(mediaTypes ? [isAny("mediaType", mediaTypes)] : []),
    ...(Object.keys(date).length > 0 ? [{ key: "date", range: date }] : []),
  ];
  return { must };
}
