import type { Span } from "../language.ts";

const longest = 180;
const apposition = /^(?:\s?\([^()\n]{1,40}\))?,\s((?:an?|the|our|its|their|his|her|former|chief|head|senior|deputy|managing|vice|executive|director|manager|president|chair\p{L}*|CEO|CFO|CTO|COO|lead|founder|co-founder|partner|der|die|das|eine?|Leiter\p{L}*|Geschäftsführer\p{L}*|Vorstand\p{L}*|Direktor\p{L}*|le|la|l['’]|une?|directeur|directrice|président\p{L}*|el|una|director\p{L}*|gerente|responsable)(?:\s[^,.;()\n]{2,120}|(?=,)))/u;
const definition = /^["”“»]?(?:\s?\([^()\n]{1,80}\))?,?\s((?:is|was|are|were|ist|war|sind|est|était|es|era|fue)\s(?:an?|the|one\sof|eine?|der|die|das|une?|la|le|una|el)\s[^\n]{3,200})/u;

/** What the text says it is, right behind the name; empty when nothing does. */
export function saidOf(text: string, { end }: Span): string {
  const behind = text.slice(end, end + 320);
  const found = definition.exec(behind)?.[1]?.replace(/(?<=[.!?])\s.*$/su, "") ?? apposition.exec(behind)?.[1];
  return found ? cut(found) : "";
}

export const cut = (sentence: string): string => {
  const flat = sentence.replace(/\s+/gu, " ").trim();
  if (flat.length <= longest) return flat;
  const space = flat.lastIndexOf(" ", longest);
  return `${flat.slice(0, space > 60 ? space : longest)} …`;
};
