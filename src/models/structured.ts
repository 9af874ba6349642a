import { SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { jsonrepair } from "jsonrepair";
import { z } from "zod";

export type Read<T> = { ok: true; value: T; repaired: boolean } | { ok: false; issues: string };

/**
 * A model's text as a value of the schema: cut to the outer braces, parsed, repaired, validated. It is repaired only when
 * the model ended by itself, since repair would close a value that was cut off and call it whole. `issues` names places and
 * kinds, never values.
 */
export function readStructured<T>(text: string, doneReason: string, schema: z.ZodType<T>): Read<T> {
  const cut = outerBraces(text);
  if (cut === null) return { ok: false, issues: "the answer holds no JSON object" };
  let value: unknown;
  let repaired = false;
  try {
    value = JSON.parse(cut);
  } catch {
    if (doneReason !== "stop") return { ok: false, issues: "the answer was cut off; answer more briefly" };
    try {
      value = JSON.parse(jsonrepair(cut));
      repaired = true;
    } catch {
      return { ok: false, issues: "the answer is not valid JSON" };
    }
  }
  const checked = schema.safeParse(value);
  if (checked.success) return { ok: true, value: checked.data, repaired };
  return { ok: false, issues: checked.error.issues.slice(0, 10).map((issue) => `${issue.path.join(".") || "the object"}: ${issue.message}`).join("; ") };
}

/** From the first opening brace or bracket to the last closing one of its kind; a value that never closes is kept whole. */
function outerBraces(text: string): string | null {
  const start = text.search(/[{[]/u);
  if (start < 0) return null;
  const end = text.lastIndexOf(text[start] === "{" ? "}" : "]");
  return end > start ? text.slice(start, end + 1) : text.slice(start);
}

/** The messages with the form that is asked for in words, for servers that ignore or do not take `format`. */
export function withSchema(messages: BaseMessage[], format: object): BaseMessage[] {
  const { $schema: _dialect, ...schema } = format as { $schema?: string };
  const request = `Answer with JSON only, one object of this JSON schema: ${JSON.stringify(schema)}`;
  const [first, ...rest] = messages;
  if (first?.getType() !== "system" || typeof first.content !== "string") return [new SystemMessage(request), ...messages];
  return [new SystemMessage(`${first.content}\n${request}`), ...rest];
}

/** The schema as a server takes it in `format`; what JSON schema cannot say is checked by us afterwards. */
export function formatOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

/**
 * Applies `change` to every string of a JSON text and escapes what comes out, so that a restored name with a quotation
 * mark, a backslash or a line break breaks nothing. The text need not be whole: what stands around the JSON (marks of code, a
 * word before it), a comma too many or an end cut off are left as they are for `readStructured` to judge.
 */
export function mapStrings(json: string, change: (text: string) => string): string {
  const start = Math.max(0, json.search(/[{[]/u));
  return change(json.slice(0, start)) + json.slice(start).replace(/"([^"\\]*(?:\\[\s\S][^"\\]*)*)("?)|[^"]+/gu, (part, inside: string | undefined, close: string) => {
    if (inside === undefined) return change(part);
    const text = change(textOf(inside));
    return `"${JSON.stringify(text).slice(1, -1)}${close}`;
  });
}

/** What stands between two quotation marks, read leniently: models leave line breaks in it and escape what needs none ("\_"). */
function textOf(inside: string): string {
  const lenient = inside.replace(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\|[^ -\u{10FFFF}]/gu, (found) => (found === "\\" ? "\\\\" : found < " " ? JSON.stringify(found).slice(1, -1) : found));
  return JSON.parse(`"${lenient}"`) as string;
}
