import { openLanguage } from "../src/language/open-language.ts";
import { measureGold } from "../test/language/measure-gold.ts";

// node bench/gold.ts [--show]: the built-in path on the sample documents' hand-written gold.
for (const score of await measureGold(openLanguage())) {
  console.log(score.document.padEnd(26), "entities", score.entities.join(" "), "relations", score.relations.join(" "));
  if (process.argv.includes("--show")) for (const note of score.notes) console.log("   ", note);
}
