const RealDate = Date;
let offset = 0;

/** A program that asks for the time gets that of the machine, moved. */
class MovedDate extends RealDate {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [RealDate.now() + offset] : given) as [number]));
  }
  static override now(): number {
    return RealDate.now() + offset;
  }
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof RealDate;
  }
}

/** Sets the wall clock of this thread so many ms from the machine's, as an operator or a time server does; timers go on. */
export function setWallClock(ms: number): void {
  offset = ms;
  globalThis.Date = ms === 0 ? RealDate : (MovedDate as DateConstructor);
}
