/** A name in a text; `name` is normalised. */
export interface Named {
  type: string;
  name: string;
  start: number;
  end: number;
}

/** The text ties `who` to `to`: a person to an organisation or place, an institution to its place. */
export interface Affiliation {
  who: Named;
  to: Named;
}

const article = "(?:(?:the|an?|our|its|their|der|die|das|dem|den|eine?[rnms]?|la|le|les|l['’]|une?|el|los|las|una?) ?)?";
const at = "(?:at|of|with|within|in|from|bei|beim|am|im|an|vom?n?|des|der|du|de la|de l['’]|de|d['’]|chez|à|au|dans|del|en)";
const titles = "(?:(?:Herrn?|Frau|Mr|Mrs|Ms|Dr|Prof|med|M|Mme|Sr|Sra|Don|Doña)\\.? ){0,4}";
const job =
  "(?:\\p{L}*(?:physician|doctor|surgeon|nurse|lawyer|attorney|counsel|solicitor|notary|teacher|lecturer|professor|researcher|scientist|engineer|director|manager|partner|officer|president|chair(?:man|woman|person)?|founder|consultant|accountant|analyst|architect|editor|reporter|journalist|head|secretary|spokes(?:man|woman|person)|employee|member|player|coach|singer|[aä]rztin|arzt|anw[aä]lt(?:in)?|notar(?:in)?|lehrer(?:in)?|professorin|forscher(?:in)?|ingenieur(?:in)?|leiter(?:in)?|direktor(?:in)?|geschäftsführer(?:in)?|partnerin|vorstand|mitarbeiter(?:in)?|sprecher(?:in)?|pfleger(?:in)?|médecin|avocate?|notaire|professeure?|ingénieure?|directeur|directrice|chirurgien(?:ne)?|infirmière?|associée?|médic[oa]|abogad[oa]|profesora?|ingenier[oa]|directora?|enfermer[oa]|soci[oa]))";
/** Who is treated, advised or served there, or fights it, is not of it. */
const outsider = /\b(?:who|whom|which|that|said|says|told|sued|met|visited|by|against|between|gegen|contre|contra|qui|que|welche[rsmn]?|represent\p{L}*|vertritt|vertrat|représent\p{L}*|patient\p{L}*|paciente|client\p{L}*|mandant\p{L}*|customer|kund\p{L}+|visitor|guest|shareholder|supplier|lieferant\p{L}*|opponent)\b/iu;

const patterned = (source: string): RegExp => new RegExp(source, "u");
const bracket = patterned("^ \\($");
const comma = patterned("^, $");
const directly = patterned(`^ ${at} ?${article}$`);
const asRole = patterned(`^(?:,| –| —| -| \\(|,? (?:is|was|became|has been|ist|war|est|était|es|era|fue)(?: (?:now|currently|also|(?:since|seit|depuis|desde) \\d{4}))?) ?${article}(?<role>\\p{L}[^.;:|()!?]{1,80}?) ${at} ?${article}$`);
const works = patterned(`(?:^|[ ,])(?:works?|worked|working|practi[sc](?:es|ed|ing)|employed|teaches|taught|serves|served|arbeitete?n?|tätig|beschäftigt|angestellt|praktiziert|lehrt|unterrichtet|travaille|exerce|enseigne|trabaja|ejerce)(?: [^.;:|!?]{1,60}?)? (?:for|at|with|in|bei|beim|für|am|im|an|chez|pour|à|au|dans|en|para)(?: der)? ?${article}$`);
const leads = patterned(`(?:^|[ ,])(?:joined|joins|leads|led|heads|headed|runs|ran|founded|co-founded|owns|leitete?|führte?|gründete|verstärkt|a rejoint|dirige|a fondé|fundó|se incorporó a)(?: als? [^.;:|!?]{1,40})? ?${article}$`);
const possessive = patterned(`^['’]s?(?: \\p{L}[\\p{L}-]*){0,5}?,? ${titles}$`);
const jobBefore = new RegExp(`^(?: \\p{L}[\\p{L}-]*){0,3}? ${job},? ${titles}$`, "iu");
const inverted = patterned(`^,? (?:\\p{Ll}+ )?${titles}$`);
const opening = /(?:^|[.!?\n] ?)(?:At|Bei der|Bei|Beim|Im|Am|An der|Chez|À|Au|En|In)(?: the| der| dem| la| el)? $/u;
const jobOf = new RegExp(`(?<!\\p{L})${job}(?!\\p{L})[^.;:|\\n]{0,40} ${at} ?${article}$`, "iu");
const apposition = patterned(`^, ${titles}$`);
const livesIn = patterned("(?:^ (?:of|from|aus|de|d['’]) ?|^,? (?:who )?(?:lives|lived|living|resident|residing|resides|wohnhaft|wohnt|lebt|habite|demeurant|vit|vive|residente|reside|domiciliad[oa]) (?:in|at|à|en) )$");
const standsIn = patterned("^(?: (?:in|of|at|near|zu|à|de|en|bei)|,) $|^ \\($|^,? (?:(?:is|was|ist|est|está) )?(?:located|based|situated|ansässig|gelegen|située?|ubicad[oa]|situad[oa]|mit Sitz) (?:in|at|à|en) $");
const farthest = 140;

/** Reads affiliations off the words between two names of a sentence; `named` lie in the text and do not overlap. */
export function affiliationsIn(text: string, named: readonly Named[]): Affiliation[] {
  const order = named.toSorted((a, b) => a.start - b.start);
  const found: Affiliation[] = [];
  for (const [index, one] of order.entries()) {
    const rest = order.slice(index + 1, index + 5);
    if (one.type === "PERSON") found.push(...behindPerson(text, one, rest));
    if (one.type === "ORGANIZATION") found.push(...behindOrganisation(text, one, rest[0]));
  }
  return found;
}

function behindPerson(text: string, who: Named, rest: readonly Named[]): Affiliation[] {
  const found: Affiliation[] = [];
  for (const to of rest) {
    if (to.type === "PERSON") break;
    if (to.type !== "ORGANIZATION" && to.type !== "LOCATION") continue;
    const gap = gapOf(text, who.end, to.start);
    if (gap === null) break;
    const ties = to.type === "ORGANIZATION" ? tiesToOrganisation(text, who, to, gap) : livesIn.test(gap) || isEnclosed(text, to, gap);
    if (ties) found.push({ who, to });
  }
  return found;
}

function behindOrganisation(text: string, organisation: Named, next: Named | undefined): Affiliation[] {
  const gap = next && gapOf(text, organisation.end, next.start);
  if (!next || gap === null || gap === undefined) return [];
  if (next.type === "LOCATION") return standsIn.test(gap) ? [{ who: organisation, to: next }] : [];
  if (next.type !== "PERSON") return [];
  const before = text.slice(Math.max(0, organisation.start - 90), organisation.start).replace(/\s+/gu, " ");
  const ties = (possessive.test(gap) || jobBefore.test(gap)) && !outsider.test(gap) ? true : (inverted.test(gap) && opening.test(before)) || (apposition.test(gap) && jobOf.test(before) && !outsider.test(before));
  return ties ? [{ who: next, to: organisation }] : [];
}

function tiesToOrganisation(text: string, who: Named, to: Named, gap: string): boolean {
  // "a letter to Anna Berger from Kraus LLP"
  if (directly.test(gap)) return !/^ (?:from|von|vom|de) /u.test(gap) || !/\b(?:to|an|à|a) $/u.test(text.slice(Math.max(0, who.start - 5), who.start));
  return isEnclosed(text, to, gap) || tiesByRole(gap) || ((works.test(gap) || leads.test(gap)) && !outsider.test(gap));
}

/** "Anna Berger (Kraus LLP)", "Anna Berger, Kraus LLP, said": nothing but the name between two marks. */
const isEnclosed = (text: string, to: Named, gap: string): boolean =>
  (bracket.test(gap) && /^[^()\n]{0,60}\)/u.test(text.slice(to.end))) || (comma.test(gap) && /^\s*(?:[,;.)\n]|$)/u.test(text.slice(to.end, to.end + 3)));

function tiesByRole(gap: string): boolean {
  const role = asRole.exec(gap)?.groups?.["role"];
  return role !== undefined && !outsider.test(role) && !/^\p{Ll}+(?:ed|ing)(?!\p{L})/u.test(role.replace(/^retired /u, ""));
}

/** What stands between, white space folded; null when a sentence ends there or it is too long. */
function gapOf(text: string, from: number, to: number): string | null {
  if (to < from || to - from > farthest) return null;
  // "St. Anna Hospital" may have been read without its saint.
  const gap = text.slice(from, to).replace(/(?<=\s)(?:St|Ste|Sta|Sankt|Saint|San|Santa)\.?\s$/u, "");
  return /[!?;|]|[.:]\s|\n\s*\n|\n\s*[-*#]/u.test(gap) ? null : gap.replace(/\s+/gu, " ");
}
