import { SluiceError } from "../../errors.ts";

/** A whole number that the database sent as text; refused beyond 2^53, where it would be another number. */
export function safeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) && Number.isInteger(value)) throw new SluiceError("internal", "[postgres] a number is too large to be read exactly");
  return value;
}
