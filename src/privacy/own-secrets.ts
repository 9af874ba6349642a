/** Shorter values stand in any text by chance. */
const shortest = 6;

/**
 * Finds values of our own configuration in bytes about to leave: plain, JSON-escaped, URL, hex and base64 form. Base64 is sought at
 * each of its three alignments, without the characters that neighbours change.
 */
export function openSecretSearch(secrets: readonly string[]): (body: string) => number {
  const exact = new Set<string>();
  const anyCase = new Set<string>();
  for (const secret of new Set(secrets)) {
    if (secret.length < shortest) continue;
    const bytes = Buffer.from(secret, "utf8");
    const wide = Buffer.from(secret, "utf16le");
    exact.add(secret);
    exact.add(JSON.stringify(secret).slice(1, -1));
    for (const form of [encodeURIComponent(secret), escapedUnits(secret), bytes.toString("hex"), wide.toString("hex")]) anyCase.add(form.toLowerCase());
    for (const form of [...base64Forms(bytes), ...base64Forms(wide)]) {
      exact.add(form);
      exact.add(form.replaceAll("+", "-").replaceAll("/", "_"));
      exact.add(form.replaceAll("/", "\\/"));
    }
  }
  return (body) => {
    const lower = body.toLowerCase();
    return [...exact].filter((form) => body.includes(form)).length + [...anyCase].filter((form) => lower.includes(form)).length;
  };
}

const escapedUnits = (text: string): string => [...Array(text.length).keys()].map((index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");

function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").replace(/={1,2}$/, "");
    const first = shift === 0 ? 0 : shift + 1;
    const last = (bytes.length + shift) % 3 === 0 ? text.length : text.length - 1;
    return text.slice(first, last);
  });
}
