/** Numbers of the pairs that are one thing: same words once legal forms and titles are gone, or one an acronym of the other. */
export function readSame(pairs: { n: number; a: string; b: string }[]): number[] {
  return pairs.filter(({ a, b }) => isSame(nameOf(a), nameOf(b))).map((each) => each.n);
}

const nameOf = (line: string): string => line.split(/:\s/, 1)[0]!.trim();

function isSame(a: string, b: string): boolean {
  const [first, second] = [words(a), words(b)];
  if (first.join(" ") === second.join(" ")) return true;
  const [short, long] = first.length < second.length ? [first, second] : [second, first];
  if (short.length === 0) return false;
  const acronym = short.length === 1 && short[0] === long.map((word) => word[0]).join("");
  return acronym || (short.length >= 2 && short.every((word) => long.includes(word)));
}

const words = (name: string): string[] =>
  (name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !/^(?:gmbh|ag|se|kg|ltd|limited|inc|plc|llc|dr|prof|mr|mrs|ms|herr|frau|the)$/.test(word));
