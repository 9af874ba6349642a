import { allClasses } from "../../data/classification.ts";
import type { Mention, Relation } from "../../data/entity.ts";
import { joinDescriptions } from "./join-descriptions.ts";
import type { Thing } from "./thing.ts";

const descriptionBound = 500;
const mostEvidence = 20;

export interface StatementRow {
  id: string;
  source: string;
  target: string;
  type: string;
  class: number;
}

export interface Group {
  source: Thing;
  target: Thing;
  type: string;
  statements: StatementRow[];
}

/** Statements by things and type. One that leads to what the caller cannot see, or from a thing to itself, is not there. */
export function groupStatements(statements: readonly StatementRow[], things: Map<string, Thing>): Group[] {
  const groups = new Map<string, Group>();
  for (const row of statements) {
    const [source, target] = [things.get(row.source), things.get(row.target)];
    if (!source || !target || source === target) continue;
    const key = `${source.id} ${row.type} ${target.id}`;
    if (!groups.has(key)) groups.set(key, { source, target, type: row.type, statements: [] });
    groups.get(key)!.statements.push(row);
  }
  return [...groups.values()];
}

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
