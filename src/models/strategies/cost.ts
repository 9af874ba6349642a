import type { Verdict } from "../facts.ts";

/** Local costs nothing. */
export const cost = (): Verdict => ({ location: "local", reason: "cost_optimized", confidence: 0.9, rule: "cost.local" });
