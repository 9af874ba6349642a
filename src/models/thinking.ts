import type { Thinking } from "./options.ts";

/**
 * The top-level `think` of a request. gpt-oss takes levels only; models with the capability take true or false; all others
 * take nothing (true is a 400). Absent means on, so whoever can think is always told.
 */
export function thinkValue(model: string, capabilities: readonly string[], level: Thinking): boolean | string | undefined {
  if (/(^|\/)gpt-oss/u.test(model)) return level === "off" ? "low" : level;
  if (capabilities.includes("thinking")) return level !== "off";
  return undefined;
}

const room: Record<Thinking, number> = { off: 4096, low: 4096, medium: 12_288, high: 16_384 };

/** Output tokens a call may use, thinking included. */
export const outputBudget = (level: Thinking, asked: number | null): number => (asked === null ? room[level] : level === "off" ? asked : asked + room[level]);
