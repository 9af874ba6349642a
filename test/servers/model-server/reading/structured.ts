import { resolve } from "../prompt-reading.ts";
import type { JsonSchema } from "../protocol.ts";
import { readEntities } from "./entities.ts";
import { sentences } from "./sentences.ts";

/** A value of any schema: properties are filled by what their names ask for, from the text; the rest by the plainest value. */
export function fill(schema: JsonSchema, text: string, root: JsonSchema = schema, key = ""): unknown {
  const own = resolve(schema, root);
  const choices = own.anyOf ?? own.oneOf;
  if (choices) return fill(choices.find((each) => each.type !== "null") ?? choices[0]!, text, root, key);
  if (own.const !== undefined) return own.const;
  if (own.enum) return choose(own.enum, text);
  const type = Array.isArray(own.type) ? own.type.find((each) => each !== "null") : own.type;
  if (type === "object" || own.properties) return Object.fromEntries(Object.entries(own.properties ?? {}).map(([name, value]) => [name, fill(value, text, root, name)]));
  if (type === "array") return list(own.items ?? {}, text, root, key);
  if (type === "boolean") return /hop|multi|compar|several/i.test(key) ? severalHops(text) : false;
  if (type === "integer" || type === "number") return /confiden|score/i.test(key) ? 0.8 : Math.max(own.minimum ?? 0, /hops/i.test(key) && severalHops(text) ? 2 : 1);
  return string(key, text);
}

function list(items: JsonSchema, text: string, root: JsonSchema, key: string): unknown[] {
  const own = resolve(items, root);
  if (own.type !== "string" || own.enum) return [];
  if (/entit|name|person|subject/i.test(key)) return names(text);
  if (/term|keyword|word|topic/i.test(key)) return [...new Set(text.match(/[\p{L}\p{N}-]{4,}/gu) ?? [])].slice(0, 12);
  if (/quer|question|search|sub/i.test(key)) return [text.trim()];
  return [];
}

/** Capitalised runs that do not open the sentence as a question word, and everything the entity reader sees. */
function names(text: string): string[] {
  const runs = (text.match(/\[[A-Z]+_\d+[a-z]?\]|\p{Lu}[\p{L}\p{N}&-]*(?: (?:\p{Lu}|\d)[\p{L}\p{N}&-]*)*/gu) ?? []).filter((run) => !/^(?:Who|What|When|Where|Which|Why|How|Is|Are|Did|Does|Wer|Was|Wann|Wo|Welche[rs]?|Wie|The|In|And)$/.test(run));
  return [...new Set([...readEntities(text, [], []).map((each) => each.name), ...runs])].slice(0, 20);
}

const severalHops = (text: string): boolean => /\b(?:compare|both|and|between|whose|of the (?:company|firm|supplier|person) (?:that|which|who)|that .+ (?:that|which|who))\b/i.test(text);

function choose(values: unknown[], text: string): unknown {
  if (values.includes("high") && values.includes("low")) return severalHops(text) ? "high" : "low";
  return values.includes("none") ? "none" : values[0];
}

const string = (key: string, text: string): string => {
  if (/question|query|rewrit|search/i.test(key)) return text.trim();
  if (/summar|descri/i.test(key)) return sentences(text)[0]?.text.slice(0, 300) ?? "";
  if (/lang/i.test(key)) return /\b(?:der|die|das|und|ist|wer|wann)\b/i.test(text) ? "de" : "en";
  return "";
};
