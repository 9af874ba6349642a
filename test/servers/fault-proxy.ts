import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy on 127.0.0.1 between us and one server, for faults of the network. Faults last until `heal()` unless said otherwise. */
export interface FaultProxy {
  readonly port: number;
  /** The server's address with the proxy in its place: for `http://…`, `bolt://…`, `redis://…`, `postgres://…`. */
  through(url: string): string;
  /** Open connections break, new ones are refused. */
  cut(): Promise<void>;
  /** Every piece arrives so many milliseconds later, in both directions. */
  slow(ms: number): void;
  /** Once: open connections get a TCP reset; new ones work. */
  reset(): void;
  /** Connections stay open and new ones are accepted, but nothing arrives. What was sent meanwhile arrives after `heal()`. */
  blackhole(): void;
  /**
   * Once: the next request that fits reaches the server and is answered, but the answer is dropped and the connection reset.
   * `fits` sees each piece that a client sends, which may hold several messages or a part of one. Resolves when it has happened.
   */
  loseAnswer(fits?: (sent: Buffer) => boolean): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
}

interface Connection {
  client: Socket;
  server: Socket;
  /** The answer to what was sent on it is to be lost. */
  doomed: boolean;
}

export async function startFaultProxy(target: { port: number; host?: string }): Promise<FaultProxy> {
  const connections = new Set<Connection>();
  let [delayMs, held, port] = [0, false, 0];
  let losing: { fits: (sent: Buffer) => boolean; done: () => void } | undefined;

  const drop = (connection: Connection): void => {
    connections.delete(connection);
    connection.client.resetAndDestroy();
    connection.server.resetAndDestroy();
  };
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const connection: Connection = { client, server: connect({ port: target.port, host: target.host ?? "127.0.0.1", allowHalfOpen: true }), doomed: false };
    connections.add(connection);
    const { server } = connection;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", () => drop(connection));
      // After an orderly end what is still delayed is for the other side to come.
      socket.on("close", () => client.destroyed && server.destroyed && connections.delete(connection));
      if (held) socket.pause();
    }
    forward(client, server, () => delayMs, (sent) => {
      if (losing?.fits(sent)) {
        connection.doomed = true;
        server.once("data", losing.done);
        losing = undefined;
      }
      return true;
    });
    forward(server, client, () => delayMs, () => {
      if (connection.doomed) drop(connection);
      return !connection.doomed;
    });
  });
  const listen = async (): Promise<void> => {
    listener.listen(port, "127.0.0.1");
    await once(listener, "listening");
    ({ port } = listener.address() as AddressInfo);
  };
  const dropAll = (): void => {
    for (const connection of connections) drop(connection);
  };
  const cut = async (): Promise<void> => {
    const closed = listener.listening ? once(listener, "close") : undefined;
    listener.close();
    dropAll();
    await closed;
  };
  await listen();

  return {
    get port() {
      return port;
    },
    through: (url) => {
      const changed = new URL(url);
      [changed.hostname, changed.port] = ["127.0.0.1", `${port}`];
      return changed.href.replace(/\/$/, url.endsWith("/") ? "/" : "");
    },
    cut,
    slow: (ms) => {
      delayMs = ms;
    },
    reset: dropAll,
    blackhole: () => {
      held = true;
      for (const { client, server } of connections) for (const socket of [client, server]) socket.pause();
    },
    loseAnswer: (fits = () => true) =>
      new Promise((done) => {
        losing = { fits, done };
      }),
    heal: async () => {
      [delayMs, held, losing] = [0, false, undefined];
      for (const { client, server } of connections) for (const socket of [client, server]) socket.resume();
      if (!listener.listening) await listen();
    },
    close: cut,
  };
}

/** Passes pieces on in order, each after the delay of the moment at which it came; `keep` may drop a piece. */
function forward(from: Socket, to: Socket, delayMs: () => number, keep: (piece: Buffer) => boolean): void {
  // One timer for all that waits: two timers of different lengths may fire in the wrong order.
  const waiting: { at: number; act: () => void }[] = [];
  const pass = (): void => {
    while (waiting.length > 0 && waiting[0]!.at <= performance.now()) waiting.shift()!.act();
    if (waiting.length > 0) setTimeout(pass, Math.ceil(waiting[0]!.at - performance.now()));
  };
  const later = (act: () => void): void => {
    const at = Math.max(waiting.at(-1)?.at ?? 0, performance.now() + delayMs());
    waiting.push({ at, act });
    if (waiting.length === 1) pass();
  };
  from.on("data", (piece: Buffer) => {
    if (keep(piece)) later(() => to.writable && to.write(piece));
  });
  from.on("end", () => later(() => to.writable && to.end()));
}
