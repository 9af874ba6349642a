import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openPrivacy } from "../src/privacy/open-privacy.ts";
import { silentLog } from "../src/telemetry.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

/**
 * What the detectors find in annotated texts: `node bench/privacy.ts FOLDER [--misses LANGUAGE]`, FOLDER with one `LANGUAGE.jsonl` each, lines
 * `{ id, text, spans: [{ start, end, label }] }`. Printed per language and half of the lines: even lines are for tuning, odd
 * ones are looked at only here. Of characters: recall of directly identifying spans, precision of all found, F2, share of the
 * harmless text masked. Of spans covered by 90 %: structured kinds, names, national ids by themselves, German full names and
 * court initials apart, and each label; documents with a direct identifier that did not come out public. Labels and
 * thresholds as in the scorer of the data. Beside that: precision of the persons and the addresses found, `fair` (recall and
 * precision where quotation marks at the ends of a label do not count, nor findings of a kind that the file labels nowhere,
 * such as job titles), and `seen`: documents that are not public or whose every identifier was found as a company's.
 */
interface Line {
  id: string;
  text: string;
  spans: { start: number; end: number; label: string }[];
}

const soft =
  /^(SEXO|PAIS|TERRITORIO|PROFESION|OTROS|HOSPITAL|HOPITAL|INSTITUCION|CENTRO|ORG|ORGANIZATION|UN|LOCATION|GPE|NRP|TITLE|PREFIX|RR|AN|AGE|EDAD|FAMILIARES|DATE|DATE_TIME|FECHAS|VILLE|DOMAIN|OTHER|LOC|PROFESSION|NAME_TITLE|ST$)/;
const structured = /EMAIL|MAIL|CORREO|IBAN|CREDIT|CARD|SSN|SECU|PHONE|TEL$|TELEFONO|FAX|IP_ADDRESS|LICENSE|ID_ASEG|ID_SUJETO|ID_TIT/;
const national = /SSN|SECU|ID_ASEG|DRIVER_LICENSE|PASSPORT|NATIONAL|TAX/;
const names = /^(PERSON|PER|NOM|PRENOM|NOMBRE|NAME_(PATIENT|DOCTOR|RELATIVE|EXT|OTHER)|ADDRESS|STREET|CALLE|ADRESSE|STR$|LOCATION_(STREET|ZIP))/;

/** Kinds of findings that only some files label, and the labels for them. */
const unlabelled: Record<string, RegExp> = { job_title: /TITLE$|PROFES|EMPLEO/, age: /^(AGE|EDAD)/, health: /^$/, religion: /^$/, ethnicity: /^$/, union: /^$/, politics: /^$/, criminal_record: /^$/ };
const quotes = /^[\s"'„“”«»‚‘’]+|[\s"'„“”«»‚‘’]+$/gu;

const folder = process.argv[2];
if (!folder) throw new Error("usage: node bench/privacy.ts FOLDER");
const misses = process.argv[3] === "--misses" ? process.argv[4] : undefined;
const data = mkdtempSync(join(tmpdir(), "privacy-bench-"));
const privacy = openPrivacy({}, { vault: join(data, "vault"), vaultKey: { file: join(data, "key") }, secrets: [], log: silentLog });
const scope = { tenant: "default", collection: "bench" };

for (const file of readdirSync(folder).filter((name) => name.endsWith(".jsonl"))) {
  const lines = readFileSync(join(folder, file), "utf8").trim().split("\n").map((line) => JSON.parse(line) as Line);
  const read: Read[] = [];
  const started = performance.now();
  for (const line of lines) read.push({ line, verdict: (await privacy.scan([{ text: line.text }], scope))[0]! });
  const speed = lines.reduce((sum, line) => sum + line.text.length, 0) / (performance.now() - started) / 1000;
  for (const [half, parity] of [["even", 0], ["odd", 1]] as const) {
    console.log(file.replace(".jsonl", ""), half.padEnd(4), JSON.stringify(score(read.filter((_, index) => index % 2 === parity), new Set(lines.flatMap((line) => line.spans.map((span) => span.label))))));
  }
  console.log(`   ${speed.toFixed(2)} MB/s`);
  if (misses && file.startsWith(misses)) show(read.filter((_, index) => index % 2 === 0));
}
await privacy.close();
rmSync(data, { recursive: true });

interface Read {
  line: Line;
  verdict: Awaited<ReturnType<typeof privacy.scan>>[number];
}

function covered({ line, verdict }: Read, chosen: (kind: string) => boolean = () => true): Uint8Array {
  const mask = new Uint8Array(line.text.length);
  for (const signal of verdict.signals) if (chosen(signal.kind)) mask.fill(1, signal.start, signal.end);
  return mask;
}

/** Characters of `mask` that are in `gold`, and all. */
function addTo(counts: number[], mask: Uint8Array, gold: Uint8Array): void {
  for (let index = 0; index < mask.length; index++) {
    if (!mask[index]) continue;
    counts[0]! += gold[index]!;
    counts[1]!++;
  }
}

function score(read: Read[], known: ReadonlySet<string>): Record<string, unknown> {
  const hard = [0, 0];
  const found = [0, 0];
  const documents = [0, 0];
  const harmless = [0, 0];
  const groups: Record<string, [number, number]> = { structured: [0, 0], national: [0, 0], names: [0, 0], fullNames: [0, 0], initials: [0, 0] };
  const labels: Record<string, [number, number]> = {};
  const persons = [0, 0], addresses = [0, 0], fairly = [0, 0], fairRecall = [0, 0], seen = [0, 0];
  const isLabelled = (kind: string): boolean => !unlabelled[kind] || [...known].some((label) => unlabelled[kind]!.test(label));
  for (const each of read) {
    const mask = covered(each);
    const gold = new Uint8Array(mask.length);
    let direct = false;
    for (const span of each.line.spans) {
      gold.fill(1, span.start, span.end);
      const hit = mask.subarray(span.start, span.end).reduce((sum, one) => sum + one, 0);
      const whole = hit >= 0.9 * (span.end - span.start) ? 1 : 0;
      (labels[span.label] ??= [0, 0])[1]++;
      labels[span.label]![0] += whole;
      for (const group of groupsOf(span.label, each.line.text.slice(span.start, span.end))) {
        groups[group]![0] += whole;
        groups[group]![1]++;
      }
      if (soft.test(span.label)) continue;
      hard[0]! += hit;
      hard[1]! += span.end - span.start;
      direct = true;
      const value = each.line.text.slice(span.start, span.end);
      const from = span.start + (value.length - value.replace(/^[\s"'„“”«»‚‘’]+/u, "").length);
      const to = from + value.replace(quotes, "").length;
      fairRecall[0]! += mask.subarray(from, to).reduce((sum, one) => sum + one, 0);
      fairRecall[1]! += to - from;
    }
    addTo(persons, covered(each, (kind) => kind === "person"), gold);
    addTo(addresses, covered(each, (kind) => kind === "address" || kind === "business_address"), gold);
    addTo(fairly, covered(each, isLabelled), gold);
    for (let index = 0; index < mask.length; index++) {
      if (!gold[index]) {
        harmless[0]! += mask[index]!;
        harmless[1]!++;
      }
      if (!mask[index]) continue;
      found[0]! += gold[index]!;
      found[1]!++;
    }
    if (!direct) continue;
    const open = each.line.spans.filter((span) => !soft.test(span.label)).some((span) => !mask.subarray(span.start, span.end).includes(1));
    seen[0]! += each.verdict.class !== "public" || !open ? 1 : 0;
    seen[1]!++;
    documents[0]! += each.verdict.class === "public" ? 0 : 1;
    documents[1]!++;
  }
  const recall = hard[0]! / hard[1]!;
  const precision = found[0]! / (found[1]! || 1);
  const share = ([part, whole]: number[]): number | null => (whole ? round(part! / whole) : null);
  const perLabel = Object.entries(labels).filter(([label]) => !soft.test(label)).map(([label, [hit, all]]) => `${label} ${hit}/${all}`).join(", ");
  return { recall: round(recall), precision: round(precision), f2: round(f2(precision, recall)), harmless: share(harmless), ...Object.fromEntries(Object.entries(groups).map(([group, counts]) => [group, share(counts)])), documents: share(documents), seen: share(seen), precisionOf: { persons: share(persons), addresses: share(addresses) }, fair: { recall: share(fairRecall), precision: share(fairly), f2: round(f2(fairly[0]! / (fairly[1]! || 1), fairRecall[0]! / fairRecall[1]!)) }, perLabel };
}

function f2(precision: number, recall: number): number {
  return (5 * precision * recall) / (4 * precision + recall || 1);
}

function groupsOf(label: string, value: string): string[] {
  const initials = label === "PER" && !/\p{L}{3}/u.test(value);
  return [structured.test(label) && "structured", national.test(label) && "national", names.test(label) && "names", label === "PER" && (initials ? "initials" : "fullNames")].filter((each) => each !== false);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Missed and wrong findings of the even lines, for tuning. */
function show(read: Read[]): void {
  for (const each of read) {
    const { text, spans } = each.line;
    const mask = covered(each);
    const gold = new Uint8Array(text.length);
    for (const span of spans) gold.fill(1, span.start, span.end);
    const around = (start: number, end: number): string => JSON.stringify(`${text.slice(Math.max(0, start - 30), start)}[${text.slice(start, end)}]${text.slice(end, end + 15)}`);
    for (const span of spans) {
      const hit = mask.subarray(span.start, span.end).reduce((sum, one) => sum + one, 0);
      if (!soft.test(span.label) && hit < 0.9 * (span.end - span.start)) console.log("missed", span.label, around(span.start, span.end));
    }
    for (const signal of each.verdict.signals) {
      const right = gold.subarray(signal.start, signal.end).reduce((sum, one) => sum + one, 0);
      if (right < 0.5 * (signal.end - signal.start)) console.log("wrong", signal.kind, signal.detector, signal.score, around(signal.start, signal.end));
    }
  }
}
