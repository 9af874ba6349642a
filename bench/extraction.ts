import { openLanguage } from "../src/language/open-language.ts";
import { heldOut } from "../test/language/held-out.ts";
import { measureExtraction } from "../test/language/measure.ts";

// node bench/extraction.ts [--show]: precision and recall on the held-out sentences.
const show = process.argv.includes("--show");
for (const language of [null, "en", "de", "fr", "es"]) {
  const lines = heldOut.filter((each) => !language || each.language === language);
  const { entities, relations, notes } = measureExtraction(openLanguage(), lines);
  console.log(language ?? "all", "entities", entities, "relations", relations);
  if (show && !language) for (const note of notes) console.log(" ", note);
}
