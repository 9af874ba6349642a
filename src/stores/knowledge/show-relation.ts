import { allClasses } from "../../data/classification.ts";
import type { Mention, Relation } from "../../data/entity.ts";
import { joinDescriptions } from "./join-descriptions.ts";
import type { Group } from "./relate.ts";

const descriptionBound = 500;
const mostEvidence = 20;

export interface StatementDetail {
  id: string;
  description: string;
  strength: number;
  confidence: number;
  mention: Mention;
}

/** Relations as the API shows them: strongest first, then those most often stated. */
export function showRelations(groups: readonly Group[], details: ReadonlyMap<string, StatementDetail>, limit: number): Relation[] {
  return groups
    .map((group) => showRelation(group, group.statements.flatMap((row) => details.get(row.id) ?? [])))
    .filter(({ stated }) => stated > 0)
    .sort((a, b) => b.relation.strength - a.relation.strength || b.stated - a.stated || compareEnds(a.relation, b.relation))
    .slice(0, limit)
    .map(({ relation }) => relation);
}

function showRelation(group: Group, details: StatementDetail[]): { relation: Relation; stated: number } {
  const classes = [...group.statements.map((row) => row.class), group.source.joinedClass, group.target.joinedClass];
  const ordered = details.toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
  const relation: Relation = {
    source: group.source.id,
    target: group.target.id,
    type: group.type,
    description: joinDescriptions(details.map((row) => [row.description, 1]), descriptionBound),
    strength: details.reduce((highest, row) => Math.max(highest, row.strength), 0),
    class: allClasses[Math.max(...classes)]!,
    evidence: ordered.slice(0, mostEvidence).map((row) => row.mention),
  };
  return { relation, stated: details.length };
}

function compareEnds(a: Relation, b: Relation): number {
  const [one, other] = [`${a.source} ${a.type} ${a.target}`, `${b.source} ${b.type} ${b.target}`];
  return one < other ? -1 : Number(one > other);
}
