import type { Detector, Found, TextView } from "./detector.ts";
import { guarded, matchesOf, valueAt } from "./pattern.ts";

/** Properties that hold a label's name: Microsoft's (`MSIP_Label_<id>_Name`), the header of RFC 4021, and those of other labellers. */
const labelKey = /^(?:msip_label_[\w-]{1,60}_name|sensitivity|sensitivitylabel|x-sensitivity|(?:x-)?(?:[\w-]{1,40}-)?classification|x-[\w-]{0,40}label|docsensitivity|titus[\w-]{0,40}|protective-?marking|x-protective-marking|bjdocumentsecuritylabel|klassifizierung|vertraulichkeit(?:sstufe)?|schutzbedarf|confidentialité|clasificación|confidencialidad)$/iu;
/** One header that holds several of Microsoft's properties. */
const labelList = /^msip_labels$/iu;
const nameInList = guarded(/(?<![A-Za-z])MSIP_Label_[\w-]{1,60}_Name[ \t]{0,2}=[ \t]{0,2}(?<value>[^;\n]{1,100})/giu);
const open = /^(?:public|öffentlich|publique?|público|unclassified|unrestricted|offen|non-business|normal|standard|none|no|0|low|general|allgemein|général|tlp:?\s?(?:clear|white)|c0|s0)$/iu;
const closed = /(?<!\p{L})(?:confiden\p{L}{0,10}|vertraulich\p{L}{0,3}|geheim\p{L}{0,2}|secret\p{L}{0,2}|restricted|restreint\p{L}{0,2}|restringid[oa]|reservad[oa]|private|personal|privat|persönlich|privé\p{L}?|personnel|sensitive|sensible|highly|streng|strictly|protected|tlp:?\s?(?:red|amber)|c[2-5]|s[2-5])(?!\p{L})/iu;

/** Labels that an office program, mail program or labelling tool wrote beside a document. An unknown label is internal: somebody thought it worth one. */
export const sensitivityLabel: Detector = {
  id: "sensitivity-label",
  kinds: ["confidential_marking", "internal_marking"],
  *find(view) {
    for (const passage of view.passages) {
      if (passage.end - passage.start > 2000) continue;
      if (labelKey.test(passage.context)) yield* judge(view, passage.start, passage.end);
      else if (labelList.test(passage.context)) {
        for (const match of matchesOf(view.text.slice(passage.start, passage.end), nameInList)) {
          const { start, end } = valueAt(match);
          yield* judge(view, passage.start + start, passage.start + end);
        }
      }
    }
  },
};

function* judge(view: TextView, start: number, end: number): Generator<Found> {
  const label = view.text.slice(start, end).trim();
  if (label === "" || open.test(label)) return;
  const kind = closed.test(label) ? "confidential_marking" : "internal_marking";
  yield { kind, start, end, score: 0.95 };
}
