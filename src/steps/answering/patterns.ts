/** Whole words: `\b` knows only ASCII letters. */
export const phrase = (source: string, flags = "iu"): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, flags);

const spelled = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez";
const time = "seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|Sekunden?|Minuten?|Stunden?|Tagen?|Tag|Wochen?|Monaten?|Monate?|Jahren?|Jahre?|jours?|semaines?|mois|heures?|ans?|años?|días?|semanas?|meses|horas?";
const units = "percent|per cent|Prozent|EUR|USD|GBP|CHF|km|m|cm|mm|kg|t|kW|MW|V|l";

export const money = new RegExp(`US\\$|[€$£¥]|${phrase("EUR|USD|GBP|CHF|euros?|dollars?|pounds?|francs?").source}`, "iu");
/** Not part of a code: "HB-240", "v1.2". */
export const number = new RegExp(`(?<![\\p{L}\\p{N}@][-.]?)\\d+(?:[.,]\\d+)*(?![\\p{L}\\d-]|[.,]\\d)|${phrase(`${spelled}|once|twice|hundred|thousand|million`).source}`, "giu");
/** A bare count: no money, no percentage, no measure, no time. */
export const count = new RegExp(`(?:${number.source})(?!\\s?(?:[%€$£]|(?:${units}|${time})(?!\\p{L})))`, "giu");
/** "19 days", or a table's "Delivery (weeks): 32". */
export const duration = new RegExp(`(?<![\\p{L}\\p{N}])(?:\\d+(?:[.,]\\d+)*|${spelled})[\\s-](?:${time})(?!\\p{L})|\\((?:${time})\\): \\d`, "iu");
export const size = /\d\s?(?:mm|cm|km|m|ft|feet|miles?|inch(?:es)?|met(?:re|er)s?|Meter|mètres?|metros?|kilomet(?:re|er)s?|Kilometer|°C|°F|m\/s|km\/h|dB)(?!\p{L})/u;
export const mass = /\d\s?(?:g|kg|mg|t|tons?|tonnes?|Tonnen|lbs?|pounds?|Kilogramm|kilos?)(?!\p{L})/u;
export const reason = phrase("because|since|due to|owing to|as a result|caused?|reason|so that|in order to|therefore|weil|da|wegen|aufgrund|grund|ursache|anlass|damit|deshalb|daher|parce que|car|en raison|à cause|porque|debido|causa");
