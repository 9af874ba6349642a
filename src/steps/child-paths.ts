import { extname } from "node:path";

/** A path inside a document as part of a key: no root, no drive, nothing that leads out, no control characters. */
export function safePath(path: string): string {
  const parts = path.toWellFormed().normalize("NFC").replaceAll("\\", "/").replace(/^[a-z]:/i, "").split("/");
  return parts
    .map((part) => part.replace(/\p{Cc}/gu, "\ufffd").trim())
    .filter((part) => part !== "" && part !== "." && part !== "..")
    .map(shortened)
    .slice(-mostFolders)
    .join("/");
}

const mostFolders = 32;
const longestName = 200;

/** Its beginning and its ending, which says the type. */
function shortened(part: string): string {
  if (part.length <= longestName) return part;
  const ending = extname(part).slice(0, 20);
  return (part.slice(0, longestName - ending.length) + ending).toWellFormed();
}

/** What is packed alone has no path: it is called as its archive, without the ending. */
export const nameAlone = (archive: string): string => archive.replace(/\.gz$/i, "") || "content";

/** Safe paths in the order given, each once: what bears the path of an earlier one gets a number. `nameless`: what has none is called. */
export function childPaths(paths: string[], nameless: string): string[] {
  const taken = new Set<string>();
  // How often a path came: of ten thousand with the same one, each is found a number at once.
  const seen = new Map<string, number>();
  return paths.map((path) => {
    const wanted = safePath(path) || nameless;
    let count = seen.get(wanted) ?? 0;
    let unique: string;
    do {
      count += 1;
      unique = count === 1 ? wanted : numbered(wanted, count);
    } while (taken.has(unique));
    seen.set(wanted, count);
    taken.add(unique);
    return unique;
  });
}

function numbered(path: string, count: number): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)} (${count})${ending}`;
}
