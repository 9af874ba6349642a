// Whole nano-USD, the only form in which money is stored and added: 2^53 of them are nine million USD, and the price of
// one token still counts.

/** The noise of binary fractions lies beyond 15 digits; a call does this several times, so that it is plain arithmetic. */
const nanoOf = (usd: number): number => Number((usd * 1e9).toPrecision(15));

/** Rounded up. */
export const toNano = (usd: number): number => Math.ceil(nanoOf(usd));

export const toUsd = (nano: number): number => nano / 1e9;

/** A budget as nano-USD, rounded down; `Infinity` stays without an end. */
export const limitToNano = (usd: number): number => Math.floor(nanoOf(usd));
