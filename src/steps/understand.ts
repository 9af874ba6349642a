import { strictest } from "../data/classification.ts";
import { normaliseName } from "../data/identity.ts";
import type { QueryRequest } from "../data/query.ts";
import type { Privacy } from "../privacy/privacy.ts";
import type { QueryContext, Understood } from "./query-context.ts";
import type { TextWork } from "./text-work.ts";

export interface UnderstandParts {
  privacy: Privacy;
  textWork: TextWork;
}

/** A question is classified like a text, under the strictest policy of the collections it is asked of. */
export async function understand(request: QueryRequest, context: QueryContext, parts: UnderstandParts): Promise<Understood> {
  const scopes = request.collections.map((collection) => ({ tenant: context.principal.tenant, collection }));
  const verdicts = await Promise.all(scopes.map(async (scope) => (await parts.privacy.scan([{ text: request.question, role: "question" }], scope))[0]));
  const [candidates] = await parts.textWork.candidates({ chunks: [{ text: request.question, headings: [] }], language: verdicts[0]?.language ?? null, title: "" });
  const names = [...new Set((candidates ?? []).map((each) => normaliseName(each.name)))].filter(Boolean);
  return { class: strictest(...verdicts.map((each) => each?.class)), language: verdicts[0]?.language ?? null, names, complexity: complexityOfQuestion(request.question, names.length) };
}

const several = /\b(?:compare|compared|both|difference|between|list|all|each|every|which of|and who|whose|vergleich\w*|unterschied\w*|beide|alle|welche|dont|chaque|tous|toutes|entre|comparar|todos|todas|cada)\b/iu;

function complexityOfQuestion(question: string, names: number): Understood["complexity"] {
  if (several.test(question) || names > 2) return "high";
  return question.split(/\s+/).length < 8 ? "low" : "medium";
}
