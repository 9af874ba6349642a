import { loadGold } from "../test/documents/load-gold.ts";
import { misplaced, scoreGold, scoreIdentity } from "../test/language/score-gold.ts";
import { storedSamples } from "../test/language/stored-samples.ts";

// node bench/gold.ts [--show] [--json]: what the application stores of the sample documents without a model, against their hand-written gold.
const gold = loadGold();
const stored = await storedSamples();
const scores = scoreGold(stored, gold.documents);
const identity = scoreIdentity(stored, gold.identity);
const unquoted = stored.flatMap(misplaced);
if (process.argv.includes("--json")) console.log(JSON.stringify({ scores, identity, misplaced: unquoted }, null, 2));
else {
  for (const { document, entities, relations, notes } of scores) {
    console.log(document.padEnd(26), `entities ${entities.precision} ${entities.recall} (${entities.right}/${entities.found}, ${entities.reached}/${entities.wanted})  relations ${relations.recall} (${relations.hit}/${relations.wanted}, ${relations.quoted} quoted, ${relations.beyond} beyond)`);
    if (process.argv.includes("--show")) for (const note of notes) console.log("   ", note);
  }
  console.log(`parted: ${identity.parted.join("; ") || "none"}\nmixed: ${identity.mixed.join("; ") || "none"}\nmisplaced: ${unquoted.length}`);
}
