import { Writable } from "node:stream";
import pino from "pino";

/** A log, and the lines of it that say where calls went. */
export function listen() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString().split("\n").filter(Boolean));
      done();
    },
  });
  return { log: pino({ level: "info", base: null }, stream), decisions: () => lines.filter((line) => line.includes('"execution_routing"')) };
}
