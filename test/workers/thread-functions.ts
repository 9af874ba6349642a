import { setTimeout as wait } from "node:timers/promises";
import { threadId, workerData } from "node:worker_threads";
import { SluiceError } from "../../src/errors.ts";

export const double = (value: number): number => value * 2;
export const who = async (): Promise<number> => (await wait(30), threadId);
export const given = (): unknown => workerData;
export const environment = (): unknown => ({ ...process.env });
export const refuse = (): never => {
  throw new SluiceError("too_large", "the text has too many characters; split it");
};
export const quote = (): never => {
  throw new Error("secret words");
};
export const exit = (): never => process.exit(1);
export const loop = (): never => {
  for (;;);
};
export const hoard = (): number => {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 1e5 }, (_, index) => index + kept.length));
};
