import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { parse } from "yaml";
import { z } from "zod";
import { Tier } from "../data/decision.ts";
import { sha256 } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";

const FrontMatter = z.strictObject({ description: z.string().min(1), tier: Tier.exclude(["embedding"]), inputs: z.array(z.string().regex(/^[a-z][a-zA-Z]*$/u)).min(1) });

export interface Prompt {
  name: string;
  description: string;
  tier: Exclude<Tier, "embedding">;
  inputs: string[];
  /** Of the file: it stands with every fact that was read by this prompt. */
  sha256: string;
  instructions: string;
  material: string;
}

const placeholder = /\{\{(\w+)\}\}/gu;
/** Characters one input may have: far above any chunk, far below what would fill a server's memory. */
const longestInput = 400_000;

/** Reads and checks every prompt file of a folder. Throws `config`: a prompt that is wrong is found at start, not in a call. */
export function readPrompts(folder: string): Map<string, Prompt> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".md"));
  return new Map(files.map((name) => [name.slice(0, -3), readPrompt(name.slice(0, -3), readFileSync(join(folder, name), "utf8"))]));
}

/** Front matter, then the instructions, a line `---`, and the material that they are about. */
export function readPrompt(name: string, file: string): Prompt {
  const fault = (what: string) => new SluiceError("config", `prompts/${name}.md: ${what}`);
  const [, matter, instructions, material] = /^---\n([\s\S]*?)\n---\n([\s\S]*?)\n---\n([\s\S]*)$/u.exec(file.replaceAll("\r\n", "\n")) ?? [];
  if (matter === undefined || instructions === undefined || material === undefined) throw fault("it needs front matter, instructions, a line of three dashes, and the material");
  const read = FrontMatter.safeParse(parse(matter));
  if (!read.success) throw fault(`its front matter is wrong: ${z.prettifyError(read.error)}`);
  const used = new Set([...file.matchAll(placeholder)].map((match) => match[1]!));
  for (const input of read.data.inputs) if (!used.has(input)) throw fault(`the input "${input}" is declared and not used`);
  for (const input of used) if (!read.data.inputs.includes(input)) throw fault(`the input "${input}" is used and not declared`);
  return { name, ...read.data, sha256: sha256(file), instructions: instructions.trim(), material: material.trim() };
}

/** The messages of a call. Throws `internal` when an input is missing, `too_large` when one is longer than any text may be. */
export function fillPrompt(prompt: Prompt, inputs: Record<string, string>, pictures: Uint8Array[] = []): BaseMessage[] {
  for (const name of prompt.inputs) {
    const value = inputs[name];
    if (value === undefined) throw new SluiceError("internal", `prompts/${prompt.name}.md: the input "${name}" is missing`);
    if (value.length > longestInput) throw new SluiceError("too_large", `prompts/${prompt.name}.md: the input "${name}" has ${value.length} characters; at most ${longestInput} are sent`);
  }
  const tags = [...prompt.material.matchAll(/<\/([a-z]+)>/gu)].map((match) => match[1]!);
  const fill = (text: string) => text.replace(placeholder, (_match, name: string) => contain(inputs[name]!, tags));
  const text = fill(prompt.material);
  const images = pictures.map((bytes) => ({ type: "image_url", image_url: { url: `data:image/png;base64,${Buffer.from(bytes).toString("base64")}` } }));
  return [new SystemMessage(fill(prompt.instructions)), new HumanMessage(images.length ? { content: [{ type: "text", text }, ...images] } : text)];
}

/** Keeps material inside its marks: its own `</passage>` becomes `‹/passage>`, of the same length, so that offsets stay. */
function contain(value: string, tags: string[]): string {
  if (!value.includes("<")) return value;
  return value.replace(/<(\/?)([a-z]+)(?=[\s>])/giu, (whole, slash: string, tag: string) => (tags.includes(tag.toLowerCase()) ? `‹${slash}${tag}` : whole));
}
