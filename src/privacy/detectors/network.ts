import { hasContext, wordList, type Detector } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

const ipv4 = guarded(/(?<![\d.A-Za-z])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d]|\.\d)/g);
const ipv6 = guarded(/(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:])/g);
const macs = [
  /(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Za-z:-])/,
  /(?<![0-9A-Za-z.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z.])/,
].map(guarded);
const version = wordList("version, release, v, ver, firmware, build, section, abschnitt, kapitel, chapter, clause, ziffer, versión, oid");

/** Internet and hardware addresses; loopback, unspecified and documentation addresses belong to nobody. */
export const network: Detector = {
  id: "network",
  kinds: ["ip", "mac"],
  *find(view) {
    for (const match of matchesIn(view, ipv4)) {
      if (/^(?:127\.|0\.0\.0\.0|255\.255\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/.test(match[0])) continue;
      const end = match.index + match[0].length;
      const named = hasContext(view, match.index, end, version, 12, 0);
      yield { kind: "ip", start: match.index, end, score: named ? 0.3 : /^\d\.\d\.\d\.\d$/.test(match[0]) ? 0.5 : 0.85 };
    }
    for (const match of matchesIn(view, ipv6)) {
      const groups = match[0].split(":").filter(Boolean).length;
      const folded = match[0].split("::").length === 2;
      if (groups < 3 || (!folded && match[0].split(":").length !== 8) || match[0] === "::1" || /^2001:0?db8:/i.test(match[0])) continue;
      yield { kind: "ip", start: match.index, end: match.index + match[0].length, score: 0.85 };
    }
    for (const mac of macs) {
      for (const match of matchesIn(view, mac)) {
        if (!/^(?:00[:-]){5}00$/.test(match[0])) yield { kind: "mac", start: match.index, end: match.index + match[0].length, score: 0.85 };
      }
    }
  },
};
