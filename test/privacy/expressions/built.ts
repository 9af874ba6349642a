import type { Expression } from "./written.ts";

/**
 * Run as a process of its own (types stripped, so that places are those of the source): prints as JSON every expression that
 * the modules build from word lists and from what they read.
 */
const root = new URL("../../../", import.meta.url);
const built = new Map<string, Expression>();
const Native = RegExp;
Error.stackTraceLimit = 30;

globalThis.RegExp = new Proxy(Native, {
  construct(target, given, asked) {
    const expression = Reflect.construct(target, given, asked === globalThis.RegExp ? target : asked) as RegExp;
    const frame = new Error().stack!.split("\n").find((line) => line.includes(`${root.pathname}src/`));
    const place = /src\/[^()]*:\d+:\d+/.exec(frame ?? "")?.[0];
    const { source, flags } = expression;
    if (place) built.set(`${place} ${source} ${flags}`, { place, source, flags });
    return expression;
  },
});

const load = (path: string): Promise<Record<string, never>> => import(new URL(path, root).href) as Promise<Record<string, never>>;

const { modules } = await import("./written.ts");
for (const path of modules()) if (!path.endsWith("-thread.ts")) await load(path);

// What is built only while a text is read: the tenant's terms, the organisations before an address, names known from the vault.
const { openLanguage } = await import("../../../src/language/open-language.ts");
const { allDetectors } = await import("../../../src/privacy/detectors/registry.ts");
const { scanPassages } = await import("../../../src/privacy/scan.ts");
const { knownNames } = await import("../../../src/privacy/substitution.ts");
const language = openLanguage();
const text = "Nordlicht GmbH, Projekt Falke, Hafenstraße 12, 27472 Cuxhaven. Frau Anna Schmidt, geboren am 7. Juni 1986.";
scanPassages({ passages: [{ text }], terms: ["Projekt Falke"], allow: [], scores: {} }, allDetectors(language), (part) => language.identify(part), () => {});
knownNames(text, [{ type: "PERSON", number: 1, value: "Anna Schmidt" }] as Parameters<typeof knownNames>[1]);

process.stdout.write(JSON.stringify([...built.values()]), () => process.exit(0));
