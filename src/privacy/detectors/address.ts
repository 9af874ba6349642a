import { addressForms } from "./address-forms.ts";
import { addressEnd } from "./address-tail.ts";
import { isDated, withoutDates } from "./dates.ts";
import type { Detector, Found, TextView } from "./detector.ts";
import { guarded, type Guarded, inLines, matchesIn, matchesInLines, valueAt } from "./pattern.ts";

const capital = "[\\p{Lu}][\\p{L}'.-]{0,30}";
const place = `${capital}(?:[ -](?:${capital}|am|an der|im|bei|de|la|del|du|sur|les?|of|upon)){0,5}`;
const streetEnd = "(?:str\\.|stra(?:ß|ss)e|weg|platz|allee|gasse|damm|ufer|ring|chaussee|steig|promenade|stieg|markt|graben|kai)";
const streetDe = `(?:${capital}[ -]){0,4}\\p{L}{0,30}${streetEnd}[ ]{1,2}\\d{1,4} ?[a-zA-Z]?(?:[-/] ?\\d{1,4} ?[a-z]?){0,3}`;
const streetEn = `\\d{1,5}[A-Za-z]?,? (?:(?:N|S|E|W|North|South|East|West)\\.? )?(?:[\\p{Lu}\\d][\\p{L}\\d'.-]{0,25} ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Close|Crescent|Square|Terrace|Way|Place|Pl|Parkway|Pkwy|Highway|Hwy|Circle|Trail|Mews|Row|Hill|Gardens)\\b\\.?(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|#)\\.? ?[\\dA-Z-]{1,6})?`;
const typeFr = "rue|r\\.|avenue|ave|av\\.|boulevard|blvd|bld|bd\\.?|place|pl\\.|chemin|chem\\.|impasse|imp\\.|allées?|all\\.|quai|cours|route|rte|square|passage|faubourg|fbg|villa|sentier|lotissement|lot\\.|résidence|rés\\.|hameau|lieu-dit|clos|cité|esplanade|mail|montée|parvis|promenade|quartier|rond-point|ruelle|traverse|venelle|voie";
const streetFr = `(?:\\d{1,4}(?:-\\d{1,4})? ?(?:bis|ter|quater)?,? )(?:${typeFr})(?: (?:de|du|des|la|le|les|l'|d'|saint|sainte|aux?|en|[\\p{Lu}\\d][\\p{L}\\d'-]{0,25})){1,7}`;
const floorEs = "(?: ?[-,] ?(?:\\d{1,3} ?[ºª°o]?|[A-Z]\\b|[Bb]ajo|[Ii]zq|[Dd]cha|[Pp]iso|[Pp]ortal|[Ee]sc\\.? ?\\d?|[Pp]uerta)(?: ?(?:[Dd]cha|[Ii]zq|der|[A-Z]|\\dª)\\b\\.?)?){0,4}";
const streetEs = `(?:C\\/|(?<!\\.)C\\.(?! ?(?:[IVX]{1,4}|Ziff|Abs|Nr|Art|Rn|Aufl)(?!\\p{L}))|Calle|Avda\\.?|Av\\.|Avenida|Plaza|Pza\\.?|Pz\\.?|Paseo|P[º°]|Camino|Carretera|Ctra\\.?|Crta\\.?|Ronda|Travesía|Rúa|Carrer|Glorieta|Urb\\.?|Urbanización|Passeig) ?(?:(?:de|del|la|las|los|el|san|santa|doctor|dr\\.|[\\p{Lu}\\dº][\\p{L}\\d'.ºª-]{0,25}),? ?){1,7}(?:,? ?(?:n[º°.]?|núm\\.?)? ?(?:\\d{1,4}|s\\/n)${floorEs})`;
const beforePostcode = `${capital}(?: (?:[\\p{Lu}][\\p{L}'.-]{0,25}|de|del|la|las|los|el|y|van|der|den|am|an)){0,4},? (?:n[º°] ?)?(?:\\d{1,4}[a-zA-Z]?|s\\/n)${floorEs}(?=[.,)]{0,2} ?[-–,\\n]? ?\\d{5},? ${capital})`;
/** "12 les Hauts du Lac\n74000 Annecy": no word for a street, but the line of the postcode behind it. */
const beforeFrenchPostcode = `\\d{1,4}(?: ?(?:bis|ter))?,? (?:[Ll]es?|[Ll]a|${capital})(?: (?:de|du|des|la|le|les|${capital})){1,6}(?=(?:, ?|,? ?\\n)\\d{5},? ${capital})`;
const country = "\\d{5}|España|Spain|Chile|México|Argentina|Cuba|Perú|Colombia|Venezuela|Uruguay|Ecuador|Bolivia|Costa Rica|Nicaragua|Panamá";
/** "Reyes Católicos, 19 - 5º. Sevilla. España": no word for a street, but a town and its country or postcode behind it. */
const beforeCountry = `(?!Figura|Tabla|Grado|Fase|Tipo|Cap|Art|Sala|Planta|Edificio|Nivel)${capital}(?: (?:[\\p{Lu}][\\p{L}'.-]{0,25}|de|del|la|las|los|el|y)){0,4},? (?:[nN][º°] ?)?(?:\\d{1,4}(?:-\\d{1,4})?[a-zA-Z]?|s\\/n)${floorEs}(?=[.,] {1,2}\\p{Lu}[\\p{L} ]{2,30}[ .,(]{1,4}(?:\\p{Lu}[\\p{L} ]{2,25}[,.] ?)?(?:E-)?(?:${country}))`;
const numberEast = "\\d{1,4}[A-Za-z]?\\.?(?:/\\d{1,4})?";
const streetPl = `(?:\\d{1,5} )?(?:ul\\.|ulica) (?:\\p{Lu}[\\p{L}.-]{1,25} ){1,3}${numberEast}`;
const streetHu = `(?:\\d{1,5} )?\\p{Lu}\\p{L}{2,25} (?:u\\.|utca|út|tér|köz) ${numberEast}`;
const unit = "(?:(?:Suite|Ste|Apt|Apartment|Unit|Flat|Appt|Appartement)\\.? ?#?\\d{1,5}[A-Z]?|P\\.? ?O\\.? ?Box \\d{1,6}|Postfach \\d{1,3}(?: \\d{2}){0,2}|Apartado(?: de [Cc]orreos \\d{1,6}| \\d{3,6})|BP ?\\d{1,5}|PSC \\d{1,5}, Box \\d{1,5}|(?:Unit|CMR) \\d{1,5},? Box \\d{1,5}|APO A[AEP] \\d{5}|(?:FPO|DPO) A[AEP] \\d{5}|USS [A-Z]\\p{Ll}{1,20}|USN[SV] [A-Z]\\p{Ll}{1,20})";

const whole = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`, "u");
const streets: Guarded[] = [
  ...[streetEn, streetFr, streetEs, streetPl, unit, ...addressForms.filter((each) => !each.anchor).map((each) => each.source)].map(whole),
  /(?<![\p{L}\p{N}])\d{1,4} (?:RUE|AVENUE|BOULEVARD|CHEMIN|PLACE|IMPASSE|ALL[ÉE]E|QUAI|ROUTE)(?: [\p{Lu}'-]{1,25}){1,6}(?![\p{L}])/u,
].map(guarded);
const postcodeBehind = /\d{5},? \p{Lu}/u;
/** Those that begin like any name, read where something rarer stands in their line or the next. */
const linedStreets = [
  inLines(whole(streetDe), new RegExp(`(?<=${streetEnd})[ ]{1,2}\\d`)),
  inLines(whole(streetHu), /(?<=u\.|utca|út|tér|köz) \d/),
  inLines(whole(beforePostcode), /(?<=(?:\d|s\/n)[^\n]{0,70}\n? ?)\d{5},? \p{Lu}/u, 1),
  inLines(whole(beforeFrenchPostcode), postcodeBehind, 1),
  inLines(whole(beforeCountry), new RegExp(`(?<=(?:\\d|s\\/n)[^\\n]{0,70}[.,] {1,2}\\p{Lu}[\\p{L} ]{2,30}[ .,(]{0,4}(?:\\p{Lu}[\\p{L} ]{2,25}[,.]?)? ?E?)[.,( -](?:${country})`, "u")),
  ...addressForms.flatMap(({ source, anchor }) => (anchor ? inLines(whole(source), new RegExp(anchor, "u"), 1) : [])),
];

/** Postcodes count beside a place, a street or their own words. */
const postcodes: Guarded[] = [
  new RegExp(`(?<![\\p{L}\\p{N}.,/-]|\\d )(?:(?:D|A|CH|F|E|B)[- ])?(?<code>\\d{4,5}),?[ \\n]{1,2}(?<place>(?!Rn|Rdn|Rz|Tz|Abs|Anm|Nr|Az|Ziff|GRUR|NJW|NVwZ|BGH|BVerfG|Tel|Tél|Fax|Patient|Phone|Mail|E-Mail|Email|Euro|EUR|USD|MW|kW|GB|MB|Jahren?|Tonnen|Kilo|Meter|Menschen|Einwohner|Mitglieder|Personen|Besucher|Zuschauer|Soldaten|Tage|Stunden|Stück)${place})`, "gu"),
  /(?<![\p{L}\p{N}])(?<code>(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY]) ?\d[ABD-HJLNP-UW-Z]{2}))(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])(?<code>(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? \d{5}(?:-\d{4})?)(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}])(?:C\.? ?P\.?|código postal|code postal|PLZ|Postleitzahl|zip(?: ?code)?|post ?code)(?: is| ist| est| es)?[ :.]{1,3}(?<code>\d{4,5}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![\p{L}\p{N}])/giu,
  // "résidant à Marseille, 13006."
  new RegExp(`(?<![\\p{L}])(?:(?:à|en|au) ${place},?|in ${place},) \\(?(?<code>\\d{5})(?![\\p{L}\\p{N}.,/-]*[\\p{N}]| \\p{Ll})`, "gu"),
].map(guarded);
/** A field of a form: the rest of its line is the address. */
const field = guarded(/(?<![\p{L}])(?:domicilio|dirección|direccion|adresse|anschrift|wohnhaft(?: in)?|address|home address|postal address|domicilié(?:e)?(?: au)?|demeurant(?: au)?|residing at|lives at|resident at|wohnt in der|correspondencia)[ \t]?[:][ \t]{0,4}(?<value>[^\n:;]{6,90})/giu);
/** Where somebody lives or wants things sent: up to the end of the sentence or line. */
const told = guarded(
  /(?<![\p{L}])(?:address of [^\n.]{1,40}? is|lives? at|residing at|resides at|resident at|address is|addresses(?: are)?|moved to|return(?: it)? to|sent to|send (?:it|them|one|a new one) to|deliver(?:ed)? to|ship(?:ped)? to|taxi to|wohnt in der|wohnhaft(?: in)?(?: der)?|wohnt am|demeurant(?: au)?|domiciliée?(?: au)?|habite(?: au)?|reside en|vive en|con domicilio en)[ :]{1,2}(?<value>[^\n;:?!]{6,80}?)(?=[.](?:\s+\D|\s*$)|[\n?!]|$| in case| last)/giu,
);

/** "habite rue de Lappe": where somebody lives, the number left out. */
const housed = guarded(new RegExp(`(?<![\\p{L}])(?:habit(?:e|ait|ant)|demeur(?:e|ait|ant)|résid(?:e|ait|ant)|domicilié(?:e|s|es)?|log(?:e|eait|eant)|vi(?:t|vait|vant)) (?:au |dans l[ea] |dans l['’]|sur l[ea] )?(?<value>(?:${typeFr})(?: (?:de|du|des|la|le|les|saint|sainte|aux?|(?:[ld]['’])?[\\p{Lu}\\d][\\p{L}\\d'’-]{0,25})){1,7})`, "gu"));
/** "at 96 Hausergasse 59 Apt. 787, Colle": where something is, a number before the street's name and one behind it. */
const located = guarded(/(?<![\p{L}])(?:is|[Ii]t['’]s|are|[Ww]e['’]re|[Mm]eet(?: me| us| you)?|me|us|arrived|delivered|located|based|lives?|living|stay(?:s|ing)?|parcel|package|letter|one|them|it|over|drop(?: \p{L}{1,10}){0,3}) (?:at|in|to|on) (?<value>\d{1,5} (?:\d{1,4} )?\p{Lu}[\p{L}'’.-]{1,25}(?: \p{Lu}[\p{L}'’.-]{0,25}| (?:van|von|de|der|den|la|di|da|u)){0,4},? #?\d{1,5}[A-Za-z]?(?:,? (?:Apt|Suite|Unit|Flat)\.? \d{1,5}(?:,[^\n.?!;]{1,80})?|,[^\n.?!;]{1,80}|(?=\n)))(?=[.?!;\n]|$)/gu);
/** "the corner of Main Street and 5th Avenue". */
const corner = guarded(/(?<![\p{L}])(?:the )?corner of (?:\d{1,5} )?(?:\p{Lu}[\p{L}'’.-]{0,25} ){1,5}(?:\d{1,4} )?(?:and|&) (?:\d{1,5} ?(?:st|nd|rd|th)? )?\p{Lu}[\p{L}'’.-]{1,25}(?: \p{Lu}[\p{L}'’.-]{1,25}){0,3}/gu);

/** "injuring 200", "covering 127" */
const isInjuring = /^\p{Ll}{2,30}(?<!str|stra(?:ß|ss)e|gasse|allee|platz)\.? {1,2}\d/u;

/** Postal addresses: streets with numbers, units and boxes, postcodes with a place, fields of forms. */
export const address: Detector = {
  id: "address",
  kinds: ["address"],
  *find(view) {
    for (const pattern of streets) for (const match of matchesIn(view, pattern)) yield* streetAt(view.text, match);
    for (const pattern of linedStreets) for (const match of matchesInLines(view, pattern)) yield* streetAt(view.text, match);
    for (const pattern of postcodes) for (const match of matchesIn(view, pattern)) yield* postcode(view, match);
    for (const match of matchesIn(view, field)) yield* fieldValue(view.text, match);
    for (const match of matchesIn(view, told)) yield* fieldValue(view.text, match);
    for (const match of matchesIn(view, located)) yield* fieldValue(view.text, match);
    for (const match of matchesIn(view, housed)) yield { kind: "address", ...valueAt(match), score: 0.75 };
    for (const match of matchesIn(view, corner)) yield { kind: "address", start: match.index, end: match.index + match[0].length, score: 0.75 };
  },
};

function* streetAt(text: string, match: RegExpExecArray): Generator<Found> {
  const end = match.index + match[0].trimEnd().length;
  if (!isInjuring.test(match[0]) && !isDated(text, match.index, end)) yield { kind: "address", start: match.index, end: addressEnd(text, end), score: 0.8 };
}

function* postcode(view: TextView, match: RegExpExecArray): Generator<Found> {
  const code = match.groups!["code"]!;
  const start = match.index + match[0].indexOf(code);
  const end = match.index + match[0].length;
  const named = match.groups!["place"] !== undefined;
  if (!named) return yield { kind: "address", start, end: start + code.length, score: 0.75 };
  // "2024 Hamburg" and "5000 Euro": four digits, or five without a street near, need a line or comma of their own.
  const before = view.text.slice(Math.max(0, start - 60), start);
  const numbered = /\d{1,4} ?[a-zA-Z]?(?:bis(?=[.,\n]))?[.,]?[ ,\n]{1,4}(?:(?:D|A|CH|F|E|B)[- ])?$/u.test(before);
  const typed = /(?:str\.|stra(?:ß|ss)e|\brue\b|avenue|\bcalle\b|(?:weg|platz)\b|\bBP\b|Postfach)[^\n]{0,30}[ ,\n]{1,3}$/iu.test(before);
  const year = /^(?:1[5-9]|20)\d\d$/.test(code);
  // "§§ 1754, 1770 BGB", "Gotha Ka 430. 1415 Zwangsarbeiter"
  if (code.length === 4 && !typed && (/§|Abs|Art\b|\. $/u.test(before) || /^\p{Lu}{2,5}$/u.test(match.groups!["place"]!))) return;
  // "Band 6, 2006, S. 234": a number before a year is no house.
  const street = typed || (numbered && !year);
  const ownLine = /(?:^|\n|,|\||·|-) ?(?:(?:D|A|CH|F|E|B)[- ])?$/u.test(before);
  const score = street ? 0.8 : year ? 0.2 : code.length === 5 && ownLine ? 0.65 : /(?:\bin|à|en|aus|from|:) $/u.test(before) && code.length === 5 ? 0.6 : 0.3;
  yield { kind: "address", start, end, score };
}

/** "moved to Yuen Long until 2007" */
const inYear = /(?<!\p{L})(?:(?:in|until|till|since|from|by|after|before|seit|bis|ab|im Jahre?|en|hasta|desde|depuis|jusqu'en) (?:1[5-9]|20)\d\d|(?:at )?age \d{1,3})(?!\d)/gu;

function* fieldValue(text: string, match: RegExpExecArray): Generator<Found> {
  const value = match.groups!["value"]!.replace(/\s{3}[\s\S]{0,200}$|[.,\s]{1,200}$/u, "");
  const { start } = valueAt(match);
  const rest = withoutDates(text.slice(start, start + value.length + 16)).slice(0, value.length).replace(inYear, "");
  if (!/\d|s\/n/u.test(rest) || value.includes("@")) return;
  yield { kind: "address", start, end: start + value.length, score: 0.75 };
}
