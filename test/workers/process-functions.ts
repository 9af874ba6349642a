import { spawn } from "node:child_process";
import { lookup } from "node:dns/promises";
import { readFile, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { connect, Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import { SluiceError } from "../../src/errors.ts";

const acts: Record<string, (argument: string) => unknown> = {
  echo: (argument) => argument,
  environment: () => ({ ...process.env, isMainThread }),
  read: (path) => readFile(path, "utf8"),
  write: (path) => writeFile(path, "written"),
  spawn: () => new Promise((resolve, reject) => spawn("true").on("error", reject).on("exit", resolve)),
  connect: (port) => new Promise((resolve, reject) => connect(Number(port), "127.0.0.1").on("connect", resolve).on("error", reject)),
  socket: (port) => new Promise((resolve, reject) => new Socket().connect(Number(port), "127.0.0.1").on("connect", resolve).on("error", reject)),
  http: (port) => new Promise((resolve, reject) => get(`http://127.0.0.1:${port}/`, resolve).on("error", reject)),
  fetch: (port) => fetch(`http://127.0.0.1:${port}/`).then(() => "fetched"),
  dns: () => lookup("localhost"),
  killParent: () => process.kill(process.ppid, 0),
  loop: () => {
    for (;;);
  },
  hoard: async () => {
    const kept: Buffer[] = [];
    for (;;) {
      kept.push(Buffer.alloc(16 * 2 ** 20, kept.length));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  },
  exit: () => process.exit(3),
  refuse: () => {
    throw new SluiceError("too_large", "more than 10 pages; split the file");
  },
  quote: () => {
    throw new Error("secret words");
  },
};

export const run = ({ act, argument = "" }: { act: string; argument?: string }): unknown => acts[act]!(argument);
