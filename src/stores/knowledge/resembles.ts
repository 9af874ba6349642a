import { acronyms } from "./knowledge-changes.ts";

/** Whether an entity of this name and these aliases may be merged with one of the names: equal, short form of the other, or same first or last word. */
export function resembles(names: readonly string[], name: string, aliases: readonly string[]): boolean {
  const all = new Set([name, ...aliases]);
  const edges = new Set([...all].flatMap((each) => [each.split(" ")[0]!, each.split(" ").at(-1)!]));
  const short = new Set([...acronyms(name), ...all].filter((each) => each !== ""));
  return names.some((each) => all.has(each) || short.has(each) || acronyms(each).some((form) => form !== "" && all.has(form)) || edges.has(each.split(" ")[0]!) || edges.has(each.split(" ").at(-1)!));
}
