import { isRestricted, type Verdict } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import type { Passage } from "./privacy.ts";

const nobody: Scope = { tenant: "-", collection: "-" };

/** A prompt whose own words are a finding would have every call about public text blocked by the last gate: it is refused at start. */
export async function checkPrompts(prompts: { name: string; text: string }[], scan: (passages: Passage[], scope: Scope) => Promise<Verdict[]>): Promise<void> {
  for (const prompt of prompts) {
    const [verdict] = await scan([{ text: prompt.text, role: "question" }], nobody);
    const kinds = verdict!.reasons.filter((reason) => isRestricted(reason.class)).map((reason) => `${reason.kind} (${reason.count}, by ${reason.detector})`);
    if (kinds.length > 0) throw new SluiceError("config", `prompt ${prompt.name} holds what may not leave: ${kinds.join(", ")}; reword it or use placeholders such as [PERSON_1]`);
  }
}
