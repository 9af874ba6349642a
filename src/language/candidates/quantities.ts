import { edge, matches, type Piece } from "./piece.ts";

const number = "\\d{1,3}(?:[.,'’\\u00a0\\u202f ]\\d{3}){1,4}(?:[.,]\\d{1,4})?|\\d{1,12}(?:[.,]\\d{1,4})?";
const scale = "(?:\\s?(?:million|billion|trillion|thousand|Millionen|Million|Milliarden|Milliarde|Mio\\.|Mrd\\.|Mio|Mrd|Tsd\\.|millions|milliards|millones|mil|bn|mn|m|k|M)(?![\\p{L}\\p{N}]))?";
const sign = "(?:US\\$|[€$£¥]|EUR|USD|GBP|CHF)";
const unit =
  "(?:%|‰|percent(?:age points)?|per\\scent|Prozent(?:punkte)?|pour\\scent|por\\sciento|d['’]euros|(?:de\\s|d['’])?(?:euros?|Euro|dollars?|US-Dollar|pounds|francs?|Franken|dólares|pesos)|€|\\$|£|EUR|USD|GBP|CHF" +
  "|[kMGT]?Wh?p?|[kM]?VA|kV|[kM]?Hz|GHz|°C|°F|K(?![\\p{L}\\p{N}])|bar|mbar|[kMG]?Pa|[kKMGT]B|Nm|rpm|l/min|l/h|m³/h|m3/h|km/h|m/s|mm|cm|km²|km|m²|m³|m|kg|mg|g|t|ha|l|ml|dB" +
  "|tonn?es?|tons|Tonnen|toneladas|lit(?:re|er)s?|Liter|met(?:re|er)s?|Meter|mètres|metros|miles|acres|hectares|Hektar|kilomet(?:re|er)s?|Kilometer" +
  "|seconds?|minutes?|hours?|days?|weeks?|months?|years?|Sekunden|Minuten|Stunden|Tagen?|Wochen?|Monaten?|Jahren?|jours?|semaines?|mois|heures?|días|semanas|meses|horas" +
  "|employees|people|persons|staff|customers|households|homes|units|pieces|shares|patients|users|Mitarbeiter(?:innen)?(?:\\sund\\sMitarbeiter)?|Beschäftigten?|Personen|Kunden|Haushalten?|Stück|Einheiten|Aktien|personnes|salariés|employés|clients|habitants|inhabitants|Einwohner|empleados|trabajadores|clientes|personas|habitantes|unidades)";
const amounts = [
  new RegExp(`(?<![\\p{L}\\p{N}$€£])${sign}\\s?(?:${number})${scale}(?![\\p{L}\\p{N}])`, "gu"),
  new RegExp(`(?<![\\p{L}\\p{N}.,/-])(?:${number})${scale}(?:\\s|\\u00a0|\\u202f|-)?${unit}(?:/(?:m²|h|kWh|MWh|year|a|t|Stück))?(?![\\p{L}\\p{N}])`, "gu"),
];
const measured =
  "(?:(?:net|gross|operating|total|annual|consolidated)\\s)?(?:revenues?|turnover|sales|profit|income|earnings|margin|headcount|cash\\sflow|market\\sshare|order\\s(?:intake|backlog)|equity\\sratio|efficiency|throughput|emissions|dividend|research\\s(?:spending|expenditure)|capital\\sexpenditure)|EBITDA|EBIT|flow\\srate|rated\\spower|list\\sprice|unit\\sprice" +
  "|Umsatz(?:erlöse)?|Gewinn|Jahresüberschuss|Auftragseingang|Auftragsbestand|Mitarbeiterzahl|Eigenkapitalquote|Wirkungsgrad|Marge|Dividende|Nennleistung|Förderleistung|Umsatzrendite|Betriebsergebnis|Marktanteil" +
  "|chiffre\\sd['’]affaires|bénéfice(?:\\snet)?|résultat\\s(?:net|opérationnel)|marge(?:\\sbrute|\\snette)?|part\\sde\\smarché|carnet\\sde\\scommandes|facturación|ventas|ingresos|beneficio(?:\\sneto)?|margen(?:\\sbruto)?|cuota\\sde\\smercado";
const metric = new RegExp(`${edge.before}(?:${measured})${edge.after}`, "giu");

/** Amounts with a unit or currency, and the measure they are of where one sentence names both. */
export function findQuantities(text: string, sentenceAt: (offset: number) => number): Piece[] {
  const quantities = amounts.flatMap((pattern) => matches(text, pattern, "QUANTITY", .8));
  const measuredIn = new Set(quantities.map((each) => sentenceAt(each.start)));
  const metrics = matches(text, metric, "METRIC", .75).filter((each) => measuredIn.has(sentenceAt(each.start)));
  return [...quantities, ...metrics];
}
