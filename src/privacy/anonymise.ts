import { LRUCache } from "lru-cache";
import { isRestricted, rank, type Signal, type Verdict } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import { counter } from "../telemetry.ts";
import { openNumbering } from "./numbering.ts";
import { hideLiterals, knownNames, spansToReplace, substitute } from "./substitution.ts";
import { exactPlaceholders, placeholdersIn, restorer } from "./placeholders.ts";
import { policyOf, type PolicyTable } from "./policy.ts";
import type { PolicyOptions } from "./options.ts";
import type { Anonymise, Passage, PlainMessage } from "./privacy.ts";
import type { ReleasedValues } from "./released-values.ts";
import type { Vault, VaultEntry } from "./vault.ts";

export interface AnonymiseParts {
  options: PolicyOptions;
  table: PolicyTable;
  vault: Vault;
  scan(passages: Passage[], scope: Scope, released?: ReleasedValues): Promise<Verdict[]>;
  /** What was released in these documents. */
  released(documentIds: string[]): Promise<ReleasedValues>;
}

const done = counter("privacy_anonymised_total", "Texts anonymised for a cloud call", ["clean"]);
const nothing = { messages: [], clean: false, restore: (text: string) => text };
/** New text can be found where a name was taken out; after this many rounds the text stays here. */
const rounds = 3;

/** See `Anonymise`. When the text may not leave at all, `messages` is empty, so that nothing can be sent by mistake. */
export function openAnonymise(parts: AnonymiseParts): Anonymise & { forget(documentId: string): Promise<void>; reseal(documentId: string): Promise<boolean> } {
  const tasks = new LRUCache<string, VaultEntry[]>({ max: 1000, ttl: 3_600_000 });
  /** Calls about one owner follow each other: their numbers come from one list. */
  const turns = new Map<string, Promise<unknown>>();

  async function run(messages: PlainMessage[], scope: Scope, entries: VaultEntry[], released: ReleasedValues): Promise<{ messages: PlainMessage[]; clean: boolean }> {
    const literals = messages.flatMap((message) => placeholdersIn(message.text));
    const numbering = openNumbering(entries, (type, number) => literals.some((each) => each.type === type && each.number === number));
    let current = messages.map((message) => ({ ...message, text: hideLiterals(message.text, numbering) }));
    for (let round = 0; round <= rounds; round++) {
      const verdicts = await parts.scan(current.map(({ text }) => ({ text, role: "question" })), scope, released);
      const signals = verdicts.map((verdict, index) => outsidePlaceholders(verdict.signals, current[index]!.text).filter((each) => isRestricted(each.class)));
      if (verdicts.some((each) => !each.complete) || signals.flat().some((each) => rank(each.class) > rank("internal") || !parts.table[each.kind]?.replace)) break;
      if (signals.every((each) => each.length === 0)) return { messages: current, clean: true };
      current = current.map((message, index) => ({ ...message, text: substitute(message.text, spansToReplace(message.text, signals[index]!, parts.table), numbering) }));
      current = current.map((message) => ({ ...message, text: substitute(message.text, knownNames(message.text, numbering.entries), numbering) }));
    }
    return { messages: [], clean: false };
  }

  /** Runs the work when the owner's earlier calls have ended. */
  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(key) ?? Promise.resolve()).then(work);
    const settled: Promise<unknown> = turn.catch(() => {}).then(() => turns.get(key) === settled && turns.delete(key));
    turns.set(key, settled);
    return turn;
  }

  const anonymise: Anonymise = (messages, owner) => {
    const key = "documentId" in owner ? `document ${owner.documentId}` : `task ${owner.taskId}`;
    return inTurn(key, async () => {
      if (rank(policyOf(parts.options, owner.scope).floor) > rank("internal")) return nothing;
      const before = "documentId" in owner ? await parts.vault.read(owner.documentId) : (tasks.get(key) ?? []);
      const entries = [...before];
      const released = await parts.released("documentId" in owner ? [owner.documentId] : []);
      const result = await run(messages, owner.scope, entries, released);
      if (result.clean && entries.length > before.length) {
        if ("documentId" in owner) await parts.vault.write(owner.documentId, entries);
        else tasks.set(key, entries);
      }
      done.inc({ clean: String(result.clean) });
      return result.clean ? { ...result, restore: restorer(entries) } : nothing;
    });
  };
  return Object.assign(anonymise, {
    forget: (documentId: string) => inTurn(`document ${documentId}`, () => parts.vault.erase(documentId)),
    reseal: (documentId: string) => inTurn(`document ${documentId}`, () => parts.vault.reseal(documentId)),
  });
}

/** Findings but for those that lie inside a placeholder: "[PERSON_1]" is nobody's name. */
export function outsidePlaceholders(signals: Signal[], text: string): Signal[] {
  if (signals.length === 0) return signals;
  const ours = exactPlaceholders(text);
  return signals.filter((signal) => !ours.some((each) => each.start <= signal.start && signal.end <= each.end));
}
