import { z } from "zod";
import type { AuditLedger, SpendLedger } from "../stores/ledger/paid-calls.ts";
import { chainHmac, keyName } from "./audit.ts";
import type { Secret } from "./secret.ts";

/** What an outside place keeps of a chain: how long it was, and the HMAC of its last line then. */
export const AuditHead = z.object({ at: z.string(), chain: z.string(), head: z.string(), length: z.number().int().min(0) });
export type AuditHead = z.infer<typeof AuditHead>;

/** `position` counts from 0 in its chain; null where it is about the whole chain or about no line at all. */
export interface AuditFault {
  chain: string | null;
  position: number | null;
  kind: "changed" | "removed" | "reordered" | "truncated" | "replaced" | "chain_removed" | "unrecorded";
  detail: string;
}

export interface AuditReport {
  chains: number;
  lines: number;
  /** Cloud attempts on record. */
  attempts: number;
  /** Attempts whose outcome nobody wrote down: in flight now, or ended by a kill. */
  open: number;
  faults: AuditFault[];
  /** What these lines cannot show, each with what would. */
  unproven: string[];
}

export interface AuditVerifyParts {
  audit: Pick<AuditLedger, "chains" | "rows">;
  spend: Pick<SpendLedger, "left">;
  key: Secret;
  /** Heads that were kept outside; null where there are none. */
  anchor: AuditHead[] | null;
}

const place = { chain: z.string(), sequence: z.number().int(), key: z.string().optional() };
const Line = z.union([z.object({ ...place, phase: z.enum(["intent", "outcome"]), attempt_id: z.string() }), z.object({ ...place, phase: z.literal("event"), event: z.string() })]);

/**
 * Reads every chain from its first line. A line that was removed, changed, moved or cut off shows, with its place; a paid
 * call without a record too.
 */
export async function verifyAudit(parts: AuditVerifyParts, signal?: AbortSignal): Promise<AuditReport> {
  const report: AuditReport = { chains: 0, lines: 0, attempts: 0, open: 0, faults: [], unproven: [] };
  // Before the lines: a call that leaves meanwhile has its line already.
  const paid = await paidCalls(parts.spend);
  const attempts = new Set<string>();
  const outcomes = new Set<string>();
  const anchors = Map.groupBy(parts.anchor ?? [], (each) => each.chain);
  for (const stored of await parts.audit.chains()) {
    signal?.throwIfAborted();
    report.chains++;
    const chain = await readChain(stored.chain, anchors.get(stored.chain) ?? [], parts, (phase, attempt) => (phase === "intent" ? attempts : outcomes).add(attempt));
    anchors.delete(stored.chain);
    report.lines += chain.lines;
    report.faults.push(...chain.faults, ...endFaults(stored, chain));
    if (chain.otherKey) report.unproven.push(`chain ${stored.chain} was written with another key (${chain.otherKey}): run this with that key's data folder`);
  }
  for (const chain of anchors.keys()) report.faults.push({ chain, position: null, kind: "chain_removed", detail: "the anchor knows this chain, and nothing of it is left" });
  report.attempts = attempts.size;
  report.open = [...attempts].filter((each) => !outcomes.has(each)).length;
  for (const id of paid.filter((each) => !attempts.has(each))) report.faults.push({ chain: null, position: null, kind: "unrecorded", detail: `the call ${id} was paid for and has no record` });
  if (!parts.anchor) report.unproven.push("that no chain was removed whole, or cut together with its head and its payments: heads kept in another place would show it (audit.anchor, or sluice audit heads)");
  report.unproven.push("that nobody who has the key wrote the lines anew");
  return report;
}

interface Chain {
  lines: number;
  last: string;
  faults: AuditFault[];
  otherKey: string | null;
}

async function readChain(name: string, anchors: AuditHead[], { audit, key }: AuditVerifyParts, seen: (phase: "intent" | "outcome", attempt: string) => void): Promise<Chain> {
  const chain: Chain = { lines: 0, last: "", faults: [], otherKey: null };
  const fault = (position: number, kind: AuditFault["kind"], detail: string) => chain.faults.push({ chain: name, position, kind, detail });
  const places = openPlaces();
  for await (const { line, hmac } of audit.rows(name)) {
    const read = parseLine(line);
    if (chain.lines === 0 && read?.key && read.key !== keyName(key)) chain.otherKey = read.key;
    if (!read || read.chain !== name) {
      fault(places.expected(), "changed", "this is not a line of this chain");
    } else {
      if (read.phase !== "event") seen(read.phase, read.attempt_id);
      const previous = places.before(read.sequence);
      const isWritten = previous === undefined || chainHmac(key, previous, line) === hmac;
      if (!isWritten && !chain.otherKey) fault(read.sequence, "changed", "the line, or its HMAC, is not what was written");
    }
    places.add(read?.sequence ?? places.expected(), hmac);
    chain.lines++;
    chain.last = hmac;
    for (const anchor of anchors) if (anchor.length === chain.lines && anchor.head !== hmac) fault(chain.lines - 1, "replaced", "the anchor knows another line here");
  }
  for (const { from, gone } of places.gaps()) {
    if (gone > 0) fault(from, "removed", `${gone} of its lines are gone from here`);
    else fault(from, "reordered", "lines stand in another order than they were written");
  }
  for (const sequence of places.strays()) fault(sequence, "reordered", "the line stands here a second time");
  const longest = Math.max(0, ...anchors.map((each) => each.length));
  if (longest > chain.lines && !places.gaps().length) fault(chain.lines, "truncated", `the anchor knows ${longest} lines, ${chain.lines} are left`);
  return chain;
}

/** Which sequence numbers came in which order. The HMAC of each is kept only from the first disorder on. */
function openPlaces() {
  const hmacs = new Map<number, string>();
  const late = new Set<number>();
  const gaps: { from: number; to: number }[] = [];
  let expected = 0;
  return {
    expected: () => expected,
    /** HMAC of the line before; undefined where that line is not here. */
    before: (sequence: number) => (sequence === 0 ? "" : hmacs.get(sequence - 1)),
    add(sequence: number, hmac: string): void {
      if (sequence > expected) gaps.push({ from: expected, to: sequence - 1 });
      else if (sequence < expected) late.add(sequence);
      if (gaps.length === 0) hmacs.delete(sequence - 2);
      hmacs.set(sequence, hmac);
      expected = Math.max(expected, sequence + 1);
    },
    strays: () => [...late].filter((each) => !gaps.some(({ from, to }) => each >= from && each <= to)),
    gaps: () => gaps.map(({ from, to }) => ({ from, gone: to - from + 1 - [...late].filter((each) => each >= from && each <= to).length })),
  };
}

/** A chain that is written to meanwhile may be longer than its head was; it is never shorter. */
function endFaults(stored: { chain: string; head: string | null; length: number | null }, { lines, last, faults }: Chain): AuditFault[] {
  const at = { chain: stored.chain, position: lines };
  if (stored.length === null) return [{ ...at, kind: "truncated", detail: "the ledger has no head of this chain" }];
  if (lines < stored.length && !faults.some((each) => each.kind === "removed")) return [{ ...at, kind: "truncated", detail: `the last ${stored.length - lines} of ${stored.length} lines are gone` }];
  if (lines === stored.length && last !== stored.head && !faults.some((each) => each.kind === "changed")) return [{ ...at, position: lines - 1, kind: "changed", detail: "the head that the ledger keeps belongs to another line" }];
  return [];
}

function parseLine(line: string): z.infer<typeof Line> | null {
  try {
    return Line.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

async function paidCalls(spend: Pick<SpendLedger, "left">): Promise<string[]> {
  const ids: string[] = [];
  for (let page = await spend.left("", 1000); page.length > 0; page = await spend.left(page.at(-1)!, 1000)) ids.push(...page);
  return ids;
}
