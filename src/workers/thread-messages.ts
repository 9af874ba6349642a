import type { PlainError } from "./plain-error.ts";

export interface Call {
  id: number;
  name: string;
  argument: unknown;
}

export type Reply = { id: number; value: unknown } | { id: number; error: PlainError };
