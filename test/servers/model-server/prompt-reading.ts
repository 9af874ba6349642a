import { type Recognised, recognise, type Template } from "./prompt-templates.ts";
import type { Generation, JsonSchema } from "./protocol.ts";

/** What a request asks for, and the material it brings. */
export interface Work {
  kind: "entities" | "relations" | "fast" | "same" | "answer" | "picture" | "structured" | "chat";
  /** Name of the prompt file, when it is one of the product's. */
  prompt: string | null;
  text: string;
  question: string;
  /** "Name (TYPE)" lists of the prompt. */
  listed: { name: string; type: string }[];
  entityTypes: string[];
  relationTypes: string[];
  passages: { n: number; text: string }[];
  pairs: { n: number; a: string; b: string }[];
  images: string[];
  /** What the prompt says was read in the picture by other means. */
  readInPicture: string;
  schema: JsonSchema | null;
  wantsJson: boolean;
}

/** `cloud` reads the prompt alone, since the vendor's service ignores `format`. */
export function readWork(generation: Generation, templates: Template[], cloud: boolean): Work {
  const prompt = generation.messages.filter((each) => each.role !== "assistant").map((each) => each.content).join("\n\n");
  const images = generation.messages.flatMap((each) => each.images ?? []);
  const schema = (!cloud && typeof generation.format === "object" ? generation.format : null) ?? schemaIn(generation);
  const found = recognise(prompt, templates);
  const inputs = found?.inputs ?? {};
  const kind = kindOf(found, schema, prompt, images);
  const last = generation.messages.findLast((each) => each.role === "user")?.content ?? prompt;
  const question = inputs.question ?? section(prompt, ["question"]) ?? labelled(prompt, "question|frage") ?? last;
  return {
    kind,
    prompt: found?.task ?? null,
    text: inputs.text ?? section(prompt, ["document", "text", "passage", "chunk"]) ?? labelled(prompt, "text|document") ?? last,
    question,
    listed: listOf([inputs.candidates, inputs.entities, found ? undefined : labelledLine(prompt, "candidates|entities")].filter(Boolean).join("\n")),
    entityTypes: typeList(inputs.entityTypes ?? ""),
    relationTypes: typeList(inputs.relationTypes ?? ""),
    passages: numbered(inputs.passages ?? section(prompt, ["passages", "sources", "context"]) ?? prompt),
    pairs: pairsOf(inputs.pairs ?? prompt),
    images,
    readInPicture: inputs.read ?? "",
    schema,
    wantsJson: generation.format !== null || /\bJSON\b/.test(prompt),
  };
}

/** The form that the instructions ask for in words. */
function schemaIn(generation: Generation): JsonSchema | null {
  const system = generation.messages.find((each) => each.role === "system")?.content ?? "";
  const [, text] = /JSON schema: (\{.*\})/.exec(system) ?? [];
  return text ? (JSON.parse(text) as JsonSchema) : null;
}

/** By the shape asked for, by the prompt file, by the words of the prompt, in this order. */
function kindOf(found: Recognised | null, schema: JsonSchema | null, prompt: string, images: string[]): Work["kind"] {
  const keys = new Set(schema ? Object.keys(resolve(schema, schema).properties ?? {}) : []);
  const isObjects = (key: string): boolean => keys.has(key) && schema !== null && objects(schema, key);
  if (isObjects("entities") && isObjects("relations")) return "fast";
  if (isObjects("relations")) return "relations";
  if (isObjects("entities")) return "entities";
  if (keys.size === 1 && keys.has("same")) return "same";
  if (images.length) return "picture";
  const task = found?.task ?? "";
  if (/fast/.test(task)) return "fast";
  if (/relation/.test(task)) return "relations";
  if (/extract.*entit/.test(task)) return "entities";
  if (/same|duplicate/.test(task)) return "same";
  if (/answer/.test(task)) return "answer";
  if (schema || found) return "structured";
  if (/"relations"/.test(prompt)) return /"entities"/.test(prompt) ? "fast" : "relations";
  if (/"entities"/.test(prompt)) return "entities";
  if (/"same"/.test(prompt)) return "same";
  return numbered(prompt).length ? "answer" : "chat";
}

export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = schema.$ref?.split("/").pop();
  return name ? (root.$defs?.[name] ?? {}) : schema;
}

/** Is this property a list of objects with a name or ends (and not, say, the list of names in a question)? */
function objects(root: JsonSchema, key: string): boolean {
  const property = resolve(resolve(root, root).properties?.[key] ?? {}, root);
  const items = resolve(property.items ?? {}, root);
  const choices = [items, ...(items.anyOf ?? []), ...(items.oneOf ?? [])].map((each) => resolve(each, root));
  return choices.some((each) => each.properties?.type && (each.properties.name || each.properties.source));
}

function section(prompt: string, names: string[]): string | undefined {
  for (const name of names) {
    const match = new RegExp(`<${name}\\b[^>]*>\\n?([\\s\\S]*)</${name}>`, "i").exec(prompt);
    if (match) return match[1]!.trim();
  }
  return undefined;
}

const labelled = (prompt: string, label: string): string | undefined => new RegExp(`(?:^|\\n)(?:${label})\\s*:\\s*([\\s\\S]+)$`, "i").exec(prompt)?.[1]?.trim();
const labelledLine = (prompt: string, label: string): string | undefined => new RegExp(`(?:^|\\n)[^\\n:]*(?:${label})[^\\n:]*:\\s*([^\\n]+)`, "i").exec(prompt)?.[1]?.trim();

/** "Name (TYPE)" one by one, or "TYPE: name; name" a line. */
const listOf = (text: string): Work["listed"] =>
  text.split("\n").flatMap((line) => {
    const group = /^\s*([A-Z][A-Z_]+): (.+)$/.exec(line);
    const parts = (group ? group[2]! : line).split(";");
    return parts.flatMap((part) => {
      const match = /^[\s*-]*(.+?)\s*\(([A-Z_]+)\)\s*$/.exec(part);
      if (match) return [{ name: match[1]!, type: match[2]! }];
      return group && part.trim() ? [{ name: part.trim(), type: group[1]! }] : [];
    });
  });

const typeList = (text: string): string[] => (text === "none" ? "" : text).toUpperCase().match(/\b[A-Z][A-Z_]{2,}\b/g) ?? [];

/** Passages that open with `[1]` at the start of a line. */
function numbered(text: string): Work["passages"] {
  const starts = [...text.matchAll(/(?:^|\n)[ \t]*\[(\d{1,3})\]/g)];
  return starts.map((match, index) => ({ n: Number(match[1]), text: text.slice(match.index + match[0].length, starts[index + 1]?.index).trim() }));
}

/** `1. first: description` and the other one on the next line. */
const pairsOf = (text: string): Work["pairs"] =>
  [...text.matchAll(/(?:^|\n)[ \t]*(\d{1,3})\.[ \t]+([^\n]+)\n[ \t]+([^\n]+)/g)].map((match) => ({ n: Number(match[1]), a: match[2]!, b: match[3]! }));
