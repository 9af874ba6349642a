import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

let [received, proxy, echo] = ["", undefined as unknown as FaultProxy, undefined as unknown as Server];
const clients: Socket[] = [];

beforeEach(async () => {
  received = "";
  echo = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      received += bytes.toString();
      socket.write(bytes);
    });
  }).listen(0, "127.0.0.1");
  await once(echo, "listening");
  proxy = await startFaultProxy({ port: (echo.address() as AddressInfo).port });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  echo.close();
});

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1");
  clients.push(socket);
  await once(socket, "connect");
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes.toString();
}

const failureOf = async (socket: Socket): Promise<string> => {
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  return error.code!;
};

test("passes on both ways, and puts itself into an address", async () => {
  expect(await ask(await open(), "hello")).toBe("hello");
  expect(proxy.through("redis://:secret@127.0.0.1:6379/3")).toBe(`redis://:secret@127.0.0.1:${proxy.port}/3`);
  expect(proxy.through("bolt://127.0.0.1:7687")).toBe(`bolt://127.0.0.1:${proxy.port}`);
  expect(proxy.through("http://127.0.0.1:6333")).toBe(`http://127.0.0.1:${proxy.port}`);
});

test("cut breaks what is open and refuses what is new, on the same port after heal", async () => {
  const socket = await open();
  const port = proxy.port;
  const broken = failureOf(socket);
  await proxy.cut();
  expect(await broken).toBe("ECONNRESET");
  expect(await failureOf(connect(port, "127.0.0.1"))).toBe("ECONNREFUSED");
  await proxy.heal();
  expect(proxy.port).toBe(port);
  expect(await ask(await open(), "again")).toBe("again");
});

test("reset breaks what is open, once", async () => {
  const socket = await open();
  await ask(socket, "one");
  const broken = failureOf(socket);
  proxy.reset();
  expect(await broken).toBe("ECONNRESET");
  expect(await ask(await open(), "two")).toBe("two");
});

test("blackhole lets nothing arrive, and what was sent arrives in order after heal", async () => {
  const [early, answers] = [await open(), [] as string[]];
  await ask(early, "before");
  proxy.blackhole();
  const late = await open();
  early.on("data", (bytes: Buffer) => answers.push(bytes.toString()));
  early.write("meanwhile ");
  late.write("late");
  await sleep(100);
  expect([answers, received]).toEqual([[], "before"]);
  early.write("and more");
  await proxy.heal();
  await expect.poll(() => answers.join(""), { timeout: 20_000 }).toBe("meanwhile and more");
  await expect.poll(() => received, { timeout: 20_000 }).toContain("late");
});

test("slow delays both ways and keeps the order", async () => {
  const socket = await open();
  await ask(socket, "warm");
  proxy.slow(60);
  const begun = performance.now();
  socket.write("a");
  await sleep(5);
  proxy.slow(1);
  socket.write("b");
  await expect.poll(() => received, { timeout: 20_000 }).toBe("warmab");
  expect(performance.now() - begun).toBeGreaterThanOrEqual(55);
});

test("a lost answer: the server has done it, the client sees a reset, the next request works", async () => {
  const [socket, other] = [await open(), await open()];
  const lost = proxy.loseAnswer((sent) => sent.includes("commit"));
  expect(await ask(socket, "begin")).toBe("begin");
  const broken = failureOf(socket);
  socket.write("commit");
  await lost;
  expect(await broken).toBe("ECONNRESET");
  expect(received).toBe("begincommit");
  expect(await ask(other, "commit")).toBe("commit");
});
