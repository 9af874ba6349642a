import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/**
 * The driver waits for ever for a server that accepts a connection and never speaks: the socket takes a place in its pool,
 * and keeps the process from ending. So the sockets it opens inside `within` are known, those that were told nothing
 * within `patienceMs` are closed, and `destroy` leaves none.
 */
export function watchSockets(patienceMs: number): { within<T>(work: () => T): T; destroy(): void } {
  const ours = new AsyncLocalStorage<true>();
  const sockets = new Set<Socket>();
  const opened = (message: unknown): void => {
    if (!ours.getStore()) return;
    const { socket } = message as { socket: Socket };
    sockets.add(socket);
    const silent = setTimeout(() => socket.bytesRead === 0 && socket.destroy(new Error("the server accepted the connection and said nothing")), patienceMs).unref();
    socket.once("close", () => {
      clearTimeout(silent);
      sockets.delete(socket);
    });
  };
  subscribe("net.client.socket", opened);
  return {
    within: (work) => ours.run(true, work),
    destroy() {
      unsubscribe("net.client.socket", opened);
      for (const socket of sockets) socket.destroy();
    },
  };
}
