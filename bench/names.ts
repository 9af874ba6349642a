import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadLists } from "../src/language/lists.ts";
import { findNames } from "../src/language/names/find-names.ts";
import { shippedRecogniser } from "../src/language/open-language.ts";

// node bench/names.ts FOLDER [--show LANGUAGE] [--rules]: FOLDER holds {en,de,fr,es}.jsonl of { text, spans: [{ start, end, label }] }.
// Even lines are for tuning and training, odd ones are only looked at here. `--rules`: without the trained model.
const person = /^(?:PERSON|PER|RR|AN|NOM|PRENOM|NOMBRE_.*|FIRST_NAME|LAST_NAME|NAME_.*)$/u;
const onlyPersons = /^PER$/u;
const street = /^(?:ADDRESS|STR|ADRESSE|CALLE|STREET_ADDRESS)$/u;
interface Line {
  text: string;
  spans: { start: number; end: number; label: string }[];
}
const [folder, flag, shown] = process.argv.slice(2);
const lists = loadLists();
const recogniser = process.argv.includes("--rules") ? undefined : shippedRecogniser;

for (const language of ["en", "de", "fr", "es"]) {
  const lines = readFileSync(join(folder!, `${language}.jsonl`), "utf8").trim().split("\n").map((line) => JSON.parse(line) as Line);
  for (const half of [0, 1]) console.log(language, half ? "odd " : "even", measure(lines.filter((_, index) => index % 2 === half), language, flag === "--show" && shown === language && half === 0));
  const all = lines.map((line) => line.text).join("\n\n");
  const start = performance.now();
  findNames(all, language, lists, recogniser);
  console.log(language, "MB/s", (all.length / 1e3 / (performance.now() - start)).toFixed(1));
}

function measure(lines: Line[], language: string, show: boolean): string {
  const gold = language === "de" && process.argv[5] !== "--judges" ? onlyPersons : person;
  let [persons, personsHit, streets, streetsHit, right, found, covered, wanted, streetRight, streetFound] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const { text, spans } of lines) {
    const names = findNames(text, language, lists, recogniser);
    const people = mask(text, names.filter((each) => each.type === "PERSON"));
    const places = mask(text, names.filter((each) => each.type === "ADDRESS"));
    const all = mask(text, spans.filter((each) => person.test(each.label)));
    // What is any other personal datum in the annotation is not wrong to be covered.
    const annotated = mask(text, spans);
    const any = mask(text, spans.filter((each) => person.test(each.label) || street.test(each.label)));
    const anyStreet = mask(text, spans.filter((each) => street.test(each.label) || /^(?:ZIP|TERRITORIO|VILLE|LOCATION|ST|PAIS)$/u.test(each.label)));
    for (const span of spans) {
      const hit = share(people, span) >= .9;
      if (gold.test(span.label)) {
        persons += 1;
        if (hit) personsHit += 1;
        else if (show) console.log("  missed", JSON.stringify(text.slice(Math.max(0, span.start - 40), span.start)), `[${text.slice(span.start, span.end)}]`, JSON.stringify(text.slice(span.end, span.end + 20)));
      }
      if (street.test(span.label)) {
        streets += 1;
        if (share(places, span) >= .9) streetsHit += 1;
        else if (show) console.log("  STREET", JSON.stringify(text.slice(Math.max(0, span.start - 40), span.start)), JSON.stringify(text.slice(span.start, span.end)), JSON.stringify(text.slice(span.end, span.end + 20)));
      }
    }
    for (const name of names) {
      const wrong = name.type === "PERSON" ? share(any, name) < .5 : name.type === "ADDRESS" && share(anyStreet, name) < .5;
      if (wrong && show) console.log("  wrong", name.type, name.score, JSON.stringify(text.slice(Math.max(0, name.start - 30), name.start)), `[${text.slice(name.start, name.end)}]`, JSON.stringify(text.slice(name.end, name.end + 20)));
    }
    for (let at = 0; at < text.length; at++) {
      if (places[at]) streetFound += 1;
      if (places[at] && anyStreet[at]) streetRight += 1;
      if (people[at]) found += 1;
      if (all[at]) wanted += 1;
      if (people[at] && annotated[at]) right += 1;
      if (people[at] && all[at]) covered += 1;
    }
  }
  const precision = right / found;
  const recall = covered / wanted;
  return `persons ${(personsHit / persons).toFixed(2)} precision ${precision.toFixed(2)} F2 ${((5 * precision * recall) / (4 * precision + recall)).toFixed(2)}; streets ${(streetsHit / streets).toFixed(2)} ${(streetRight / streetFound).toFixed(2)} (${persons}, ${streets})`;
}

function mask(text: string, spans: { start: number; end: number }[]): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (const { start, end } of spans) bytes.fill(1, start, end);
  return bytes;
}

function share(bytes: Uint8Array, { start, end }: { start: number; end: number }): number {
  let count = 0;
  for (let at = start; at < end; at++) count += bytes[at]!;
  return count / (end - start);
}
