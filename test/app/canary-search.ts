import { constants, gunzipSync } from "node:zlib";

/** Every form in which a text could lie in bytes: plain, base64 at its three alignments, hex, URL, JSON-escaped, UTF-16 either way. */
export function formsOf(text: string): { form: string; bytes: Buffer; anyCase: boolean }[] {
  const utf8 = Buffer.from(text, "utf8");
  const little = Buffer.from(text, "utf16le");
  const big = Buffer.from(little).swap16();
  const escaped = [...Array(text.length).keys()].map((index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
  const found: [string, Buffer, boolean][] = [
    ["plain", utf8, true],
    ["Latin-1", Buffer.from(text, "latin1"), true],
    ["UTF-16 LE", little, true],
    ["UTF-16 BE", big, true],
    ["URL", Buffer.from(encodeURIComponent(text)), true],
    ["JSON-escaped, every letter", Buffer.from(escaped), true],
    ["JSON-escaped, letters beyond ASCII", Buffer.from(text.replace(/[^ -~]/gu, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)), true],
    ["base64 of base64", Buffer.from(core(Buffer.from(core(utf8, 0)), 0)), false],
  ];
  for (const [name, bytes] of [["UTF-8", utf8], ["UTF-16 LE", little], ["UTF-16 BE", big]] as const) {
    found.push([`hex of ${name}`, Buffer.from(bytes.toString("hex")), true]);
    for (const shift of [0, 1, 2]) {
      const plain = core(bytes, shift);
      found.push([`base64 of ${name} after ${shift} bytes`, Buffer.from(plain), false], [`base64url of ${name} after ${shift} bytes`, Buffer.from(plain.replaceAll("+", "-").replaceAll("/", "_")), false]);
    }
  }
  return found.map(([form, bytes, anyCase]) => ({ form, bytes, anyCase }));
}

/** The characters of base64 that no neighbour changes. */
function core(bytes: Buffer, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").replace(/=+$/u, "");
  return whole.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? whole.length : -1);
}

/** What gzip, zlib and base64 of it hide in a body is looked at too. */
function opened(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  const raw = [bytes, ...[...bytes.toString("latin1").matchAll(/H4sI[A-Za-z0-9+/_-]{16,}={0,2}/g)].map((match) => Buffer.from(match[0].replaceAll("-", "+").replaceAll("_", "/"), "base64"))];
  for (const each of raw) {
    for (let at = each.indexOf(gzipMark); at !== -1; at = each.indexOf(gzipMark, at + 1)) {
      try {
        found.push(gunzipSync(each.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH }));
      } catch {
        // Three bytes that only look like its beginning.
      }
    }
  }
  return found;
}

const gzipMark = Buffer.from([0x1f, 0x8b, 0x08]);

/** Names of the forms in which any of the texts lies in any of the haystacks. */
export function search(given: (Buffer | string)[], texts: string[]): string[] {
  const haystacks = given.flatMap((each) => {
    const bytes = typeof each === "string" ? Buffer.from(each) : each;
    return [bytes, ...opened(bytes)];
  });
  const forms = texts.flatMap((text) => [...formsOf(text), ...formsOf(text.toUpperCase())]);
  const found = new Set<string>();
  for (const haystack of haystacks) {
    const bytes = haystack.toString("latin1");
    const small = bytes.toLowerCase();
    for (const each of forms) {
      const form = each.bytes.toString("latin1");
      if (each.anyCase ? small.includes(form.toLowerCase()) : bytes.includes(form)) found.add(each.form);
    }
  }
  return [...found];
}
