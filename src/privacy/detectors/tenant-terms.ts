import type { Detector } from "./detector.ts";

/** The tenant's own dictionary: code names, clients, projects; whole words, any case. */
export const tenantTerms: Detector = {
  id: "tenant-terms",
  kinds: ["term"],
  *find(view) {
    if (view.terms.length === 0) return;
    const words = view.terms.map((term) => term.normalize("NFKC").trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s{1,3}"));
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "giu");
    for (const match of view.text.matchAll(pattern)) yield { kind: "term", start: match.index, end: match.index + match[0].length, score: 1 };
  },
};
