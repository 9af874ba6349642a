import { createHmac } from "node:crypto";
import { isRestricted, type Verdict } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import { counter, type Log } from "../telemetry.ts";
import { outsidePlaceholders } from "./anonymise.ts";
import { makeClearedRequest } from "./cleared-request.ts";
import type { PolicyOptions } from "./options.ts";
import { openSecretSearch } from "./own-secrets.ts";
import { policyOf } from "./policy.ts";
import type { Clearance, Gate, Passage } from "./privacy.ts";
import type { ReleasedValues } from "./released-values.ts";
import { readRequestBody } from "./request-body.ts";

export interface Blocked {
  kind: string;
  count: number;
}

export interface GateParts {
  options: PolicyOptions;
  scan(passages: Passage[], scope: Scope, released?: ReleasedValues): Promise<Verdict[]>;
  /** What was released in these documents. */
  released(documentIds: string[]): Promise<ReleasedValues>;
  hmacKey: Buffer;
  secrets: readonly string[];
  visionCloud(): boolean;
  log: Log;
  onBlocked(kinds: Blocked[], clearance: Clearance): void;
}

const blockedTotal = counter("privacy_blocked_total", "Cloud requests stopped by the last gate", ["kind"]);
const clearedTotal = counter("privacy_cleared_total", "Cloud requests that passed the last gate");

/**
 * The last look before bytes leave. It trusts nobody's list: besides `clearance.texts` it reads every string of the body
 * itself. The templates' own words pass because `Privacy.checkPrompts` refuses, at start, a template in which anything is
 * found; nothing is exempted here.
 */
export function openGate(parts: GateParts): Gate {
  const secretsIn = openSecretSearch(parts.secrets);

  return async (body, clearance) => {
    const read = readRequestBody(body);
    const kinds = [...whatForbids(clearance, Math.max(read.pictures, clearance.pictures), parts)];
    const texts = [...new Set([...clearance.texts, ...read.texts])];
    // The decoded texts too: what is escaped twice in the body is escaped once in them.
    const secrets = [body, ...texts].filter((each) => secretsIn(each) > 0).length;
    if (secrets > 0) kinds.push({ kind: "own_secret", count: secrets });
    kinds.push(...(await findings(texts, clearance, parts)));
    if (kinds.length > 0) throw block(kinds, clearance, parts);
    const bytes = Buffer.from(body, "utf8");
    clearedTotal.inc();
    return makeClearedRequest(bytes, createHmac("sha256", parts.hmacKey).update(bytes).digest("hex"));
  };
}

/** What the class and the pictures forbid before any text is read. */
function* whatForbids(clearance: Clearance, pictures: number, parts: GateParts): Generator<Blocked> {
  const policy = policyOf(parts.options, clearance.scope);
  const { classification, anonymised } = clearance;
  const leaves = classification === "public" || (classification === "internal" && anonymised);
  if (!leaves || (clearance.isOfPassage && policy.scope !== "passage")) yield { kind: "class", count: 1 };
  const lowest = [policy.floor, policy.clean].filter(isRestricted);
  if (lowest.some((each) => each !== "internal" || !anonymised)) yield { kind: "floor", count: 1 };
  if (pictures > 0 && (!parts.visionCloud() || classification !== "public")) yield { kind: "picture", count: pictures };
}

async function findings(texts: string[], { scope, documentId, sources = [] }: Clearance, parts: GateParts): Promise<Blocked[]> {
  const released = await parts.released([...(documentId === null ? [] : [documentId]), ...sources]);
  const verdicts = await parts.scan(texts.map((text) => ({ text, role: "question" })), scope, released);
  const counts = new Map<string, number>();
  for (const [index, verdict] of verdicts.entries()) {
    for (const signal of outsidePlaceholders(verdict.signals, texts[index]!)) {
      if (isRestricted(signal.class)) counts.set(signal.kind, (counts.get(signal.kind) ?? 0) + 1);
    }
    for (const reason of verdict.complete ? [] : verdict.reasons.filter((each) => each.kind.startsWith("unknown"))) counts.set(reason.kind, (counts.get(reason.kind) ?? 0) + 1);
    if (!verdict.complete && counts.size === 0) counts.set("unknown", 1);
  }
  return [...counts].map(([kind, count]) => ({ kind, count }));
}

function block(kinds: Blocked[], clearance: Clearance, parts: GateParts): SluiceError {
  for (const { kind } of kinds) blockedTotal.inc({ kind });
  parts.log.error({ event: "privacy_blocked", document_id: clearance.documentId, tenant: clearance.scope.tenant, kinds }, "the last gate stopped a cloud request");
  parts.onBlocked(kinds, clearance);
  const list = kinds.map(({ kind, count }) => `${kind} (${count})`).join(", ");
  const subject = clearance.documentId ? `document ${clearance.documentId}` : "a request without a document";
  return new SluiceError("privacy_blocked", `the last gate stopped a cloud request about ${subject}: ${list}; it is answered locally`, { kinds: Object.fromEntries(kinds.map(({ kind, count }) => [kind, count])) });
}
