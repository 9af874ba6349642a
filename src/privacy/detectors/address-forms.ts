/**
 * Sources of expressions for addresses that have no plain street word before or behind a number. `anchor`: what every match
 * holds, or the next line does; those that may begin like any name are read only there.
 */
interface Form {
  source: string;
  anchor?: string;
}

const capital = "\\p{Lu}[\\p{L}'’.-]{0,30}";
const house = "\\d{1,4} ?[a-zA-Z]?(?:[-/] ?\\d{1,4} ?[a-z]?){0,3}";
const ends = "brücke bruecke winkel halde twiete wall hof berg feld bleichen reihe schlachte bogen eck park garten gärten wiese anger zeile höhe bach tal pfad stiege gang rain acker kamp horst mühle siedlung insel terrasse passage tor koppel redder deich markt platz weg allee ring damm ufer straße strasse gasse post anlage graben";
const germanEnd = `(?:${ends.split(" ").map((end) => `[${end[0]!}${end[0]!.toUpperCase()}]${end.slice(1)}n?`).join("|")})`;
/** Between the start of a line, a comma or colon, and the end of a line or a comma: an address by itself, no part of a sentence. */
const framed = (inner: string): string => `(?<=^|[\\n,:;|] ?)${inner}(?=[ ]?(?:[,;|\\n]|\\.?$))`;
const preposition = "(?:(?:An|Auf|Unter|Hinter|Vor|In|Zu|Bei|Neben) (?:der|dem|den)|Am|Im|Zum|Zur|Beim)";
const postcode = "(?:\\d{5}|(?!(?:1[5-9]|20)\\d\\d)[1-9]\\d{3})";
const town = `(?!Rn|Rdn|Rz|Tz|Abs|Anm|Nr|Ziff|GRUR|NJW|BGH|BGB)${capital}`;

const british = "[A-PR-UWYZ](?:\\d{1,2}|[A-HK-Y]\\d{1,2}|\\d[A-HJKSTUW]|[A-HK-Y]\\d[ABEHMNPRVWXY]) ?\\d[ABD-HJLNP-UW-Z]{2}";
const englishType = "(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Crescent|Square|Terrace|Way|Place|Mews|Row|Hill|Gardens|Green|Grove|Park|Court|Walk|Rise|Quay|Wharf|Parade|Vale|View|Estate)";
const capitals = `${capital}(?: (?:of|the|upon|on|and|${capital})){0,4}`;

const frenchPlace = "(?:Résidence|Residence|Rés\\.|Res\\.|HLM|Z\\.?[AI]\\.?C?\\.?|Lotissement|Lot\\.|Immeuble|Imm\\.|Hameau|Lieu-?dit|Domaine|Cité|Quartier|Ferme|Château|Bât(?:iment)?\\.?|Bat\\.)";
const frenchWords = "(?: (?:de|du|des|la|le|les|aux?|(?:[ld]['’])?[\\p{Lu}\\d][\\p{L}\\d'’-]{0,25})){1,6}";
const frenchUnit = "(?:,? (?:Esc(?:alier)?|Bât(?:iment)?|Bat|Appt?|Appartement|Étage|Entrée|Porte|Hall)\\.? ?[A-Z\\d]{1,4}){0,3}";

const spanishType = "(?:Cl\\.|Callejón|Barrio|B[ºª]|Cuesta|Residencial|Costanilla|Pasaje|Pje\\.?|Alameda|Rambla|Plazuela|Plazoleta|Pol(?:ígono|\\.)? ?(?:Industrial|Ind\\.?)|Partida|Gran Vía|Vía|Bulevar|Vereda|Senda|Sector|Parcela|Finca)";

export const addressForms: readonly Form[] = [
  { source: framed(`(?:${preposition} )?(?:\\p{Lu}[\\p{L}-]{2,25}|\\p{Lu}\\p{L}{2,20}(?:e|en|er|em) )${germanEnd} ${house}`), anchor: `(?<=${germanEnd}) \\d` },
  // Whatever it is called, with a postcode and place behind it.
  { source: `(?:${preposition} )?(?:\\p{L}{2,5}\\.-)?${capital}(?: (?:de|la|del|des|du|van|der|den|dem|am|an|im|zu|${capital})){0,4},? (?!(?:1[5-9]|20)\\d\\d)${house}(?=(?:, ?| ?\\n ?)(?:[A-Z]{1,2}-)?${postcode},? ${town})`, anchor: `(?<=\\d ?[a-zA-Z]? ?(?:, ?| ?\\n ?)(?:[A-Z]{1,2}-)?)${postcode},? ${town}` },
  { source: `(?:\\p{Lu}\\p{L}{1,5}\\.-){1,2}(?:\\p{Lu}[\\p{L}.]{1,20}-){0,3}(?:Stra(?:ß|ss)e|Str\\.?|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Anlage) ${house}`, anchor: "\\.-\\p{Lu}" },
  { source: `(?:(?:The )?${capitals}, ){0,2}(?:\\d{1,4}[A-Za-z]?,? )?${capitals} ${englishType}(?:,? ?\\n? ?${capitals}){0,2},? ?\\n? ?${british}`, anchor: `(?<![\\p{L}\\p{N}])${british}` },
  { source: `\\d{1,5} (?:${capital} ){1,3}(?:Loop|Grove|Heights|Walk|Alley|Rise|Wharf|Quay|Parade|Vale|Bend|Turnpike|Broadway|Ridge|Hollow|Glen|Landing|Estate)` },
  { source: "\\d{1,5} (?:(?:US |State |County )?(?:Highway|Hwy|Route|Rte|Road)|Interstate|CR|FM|SR) \\d{1,4}[A-Z]?(?: (?:North|South|East|West|[NSEW]))?" },
  { source: `\\d{1,5} ${capital} Street (?:Upper|Lower|North|South|East|West)` },
  { source: `${frenchPlace}${frenchWords}${frenchUnit}(?=,? ?\\n?-? ?(?:\\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\\.|boulevard|bd|chemin|place|impasse|allée|quai|route|square)|\\d{5} ${capital}))` },
  { source: "\\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\\.|boulevard|bd|place|sq\\.|square) (?:du|des?) (?:\\d{1,2}|onze|quatre|huit|dix-neuf|1er) (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?: \\d{4})?" },
  { source: `\\d{1,4}(?: ?(?:bis|ter))?,? (?:sq|chée|chaussée)\\.?${frenchWords}` },
  { source: `${spanishType}(?: (?:de|del|la|las|los|el|${capital})){1,6},? (?:n[º°.]{1,2} ?)?(?:(?:nave|parcela|local|portal|bloque|manzana) )?(?:\\d{1,4}|s/n)(?:[ºª])?(?: ?,? ?(?:\\d{1,2}[ºª]|[A-D]|bajo|izq|dcha)(?![\\p{L}\\p{N}])\\.?){0,3}` },
];
