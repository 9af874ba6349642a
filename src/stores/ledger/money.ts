import { Decimal } from "decimal.js";

// Whole nano-USD, the only form in which money is stored and added: 2^53 of them are nine million USD, and the price of
// one token still counts.

/** Rounded up, after the noise of binary fractions (beyond 15 digits) is dropped. */
export const toNano = (usd: number): number => new Decimal(usd).toSignificantDigits(15).times(1e9).ceil().toNumber();

export const toUsd = (nano: number): number => new Decimal(nano).div(1e9).toNumber();

/** A budget as nano-USD, rounded down; `Infinity` stays without an end. */
export const limitToNano = (usd: number): number => (Number.isFinite(usd) ? new Decimal(usd).toSignificantDigits(15).times(1e9).floor().toNumber() : usd);
