import { Decimal } from "decimal.js";
import { z } from "zod";
import { priceFaults } from "./price-faults.ts";

const Usd = z.number().min(0);
const Hour = z.number().min(0).max(24);

/** Dearer hours of the UTC day, on the named weekdays (1 is Monday). */
const Peak = z
  .strictObject({ days: z.array(z.number().int().min(1).max(7)).min(1), fromHour: Hour, toHour: Hour, input: Usd, cachedInput: Usd.optional(), output: Usd })
  .refine((peak) => peak.fromHour < peak.toHour, "a peak ends after it begins; write one that goes over midnight as two");

/** USD per 1M tokens from `from` (a UTC day) until `until`, or open. */
export const Price = z.strictObject({
  model: z.string().min(1),
  /** Only on this backend; else on all. */
  backend: z.string().optional(),
  from: z.iso.date(),
  until: z.iso.date().optional(),
  input: Usd,
  cachedInput: Usd.optional(),
  output: Usd,
  peak: z.array(Peak).default([]),
});
export type Price = z.infer<typeof Price>;

/** Of one model the prices follow each other without a gap and without an overlap. */
export const PriceTable = z.array(Price).superRefine((table, context) => {
  for (const { index, message } of priceFaults(table)) context.addIssue({ code: "custom", message, path: [index] });
});
export type PriceTable = z.infer<typeof PriceTable>;

export interface Rate {
  input: number;
  cachedInput: number;
  output: number;
}

/** Tokens of one call; `cachedTokens` of the prompt were read from the server's own cache, and cost less. */
export interface Tokens {
  promptTokens: number;
  cachedTokens?: number | null;
  outputTokens: number;
}

/** The rate in force for a model at a time, or null: then it may not be called under a budget. */
export function rateAt(table: PriceTable, backend: string | null, model: string, at: Date): Rate | null {
  const day = at.toISOString().slice(0, 10);
  const inForce = table.filter(
    (price) => price.model === model && price.from <= day && (price.until === undefined || day < price.until) && (price.backend === undefined || price.backend === backend),
  );
  const price = inForce.toSorted((a, b) => Number(b.backend !== undefined) - Number(a.backend !== undefined) || (a.from < b.from ? 1 : -1))[0];
  if (!price) return null;
  const weekday = at.getUTCDay() || 7;
  const hour = at.getUTCHours() + at.getUTCMinutes() / 60;
  const rate = price.peak.find((peak) => peak.days.includes(weekday) && peak.fromHour <= hour && hour < peak.toHour) ?? price;
  return { input: rate.input, cachedInput: rate.cachedInput ?? rate.input, output: rate.output };
}

/** The dearer of the rates when a call starts and when it must have ended: an estimate that holds over the edge of a peak. */
export function highestRate(table: PriceTable, backend: string, model: string, at: Date, durationMs: number): Rate | null {
  const rates = [at, new Date(at.getTime() + durationMs)].map((time) => rateAt(table, backend, model, time));
  const [first, last] = rates;
  if (!first || !last) return null;
  return { input: Math.max(first.input, last.input), cachedInput: Math.max(first.cachedInput, last.cachedInput), output: Math.max(first.output, last.output) };
}

/** USD, computed in decimals and rounded up to a billionth of a dollar, so that many small calls never sum to less than they cost. */
export function costUsd(rate: Rate, { promptTokens, cachedTokens, outputTokens }: Tokens): number {
  const cached = Math.min(promptTokens, Math.max(0, cachedTokens ?? 0));
  const sum = new Decimal(rate.input).times(promptTokens - cached).plus(new Decimal(rate.cachedInput).times(cached)).plus(new Decimal(rate.output).times(outputTokens));
  return sum.div(1_000_000).toDecimalPlaces(9, Decimal.ROUND_UP).toNumber();
}
