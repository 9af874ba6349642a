import { normaliseName } from "./identity.ts";

const legalForms = /\b(?:a s|b v|n v|s a|s l|s p a|e v|g m b h|ag|gmbh|mbh|kg|kgaa|ohg|se|inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|co|company|sa|sarl|sas|sl|slu|bv|nv|spa|srl|oy|ab|as|ug|ev|eg)\b/gu;
const titles = /^(?:(?:dr|prof|professor|doctor|mr|mrs|ms|miss|sir|dame|herr|frau|monsieur|madame|mme|mlle|se(?:ñ|n)or|se(?:ñ|n)ora|don|do(?:ñ|n)a|dipl ing|med|ing|phil)\s+)+/u;

/** A company without its legal form, a person without titles. */
export function coreName(type: string, name: string): string {
  const normal = normaliseName(name);
  if (type === "ORGANIZATION") return normal.replace(legalForms, " ").replace(/\s+/g, " ").trim() || normal;
  if (type === "PERSON") return normal.replace(titles, "") || normal;
  return normal;
}

/** "Nordic Energy Works" and "NEW": the first letters of its words. */
export const acronymOf = (a: string, b: string): boolean => {
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  return short.length >= 2 && !short.includes(" ") && long.split(" ").map((word) => word[0]).join("") === short;
};
