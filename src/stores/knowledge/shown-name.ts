import { normaliseName } from "../../data/identity.ts";

/** "Anna Berger (Kraus LLP)" where another Anna Berger is seen. */
export const shownName = (name: string, apart: string): string => (apart ? `${name} (${apart})` : name);

/** What was asked for as such a name, `apart` normalised; null when it is none. */
export function readShownName(text: string): { name: string; apart: string } | null {
  const [, name, apart] = /^([^()]+)\(([^()]+)\)\s*$/u.exec(text) ?? [];
  return name && apart ? { name, apart: normaliseName(apart) } : null;
}
