// Preloaded with --import, so that it also runs first in every thread a child process starts.
import dgram from "node:dgram";
import dns from "node:dns";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";

function refuse(): never {
  throw new Error("no network here: this process may only read its input and write its output");
}

function replaceFunctions(target: object, keep: readonly string[] = []): void {
  for (const name of Object.getOwnPropertyNames(target)) {
    const described = Object.getOwnPropertyDescriptor(target, name)!;
    if (keep.includes(name) || typeof described.value !== "function" || !(described.writable ?? false)) continue;
    Object.defineProperty(target, name, { ...described, value: refuse });
  }
}

replaceFunctions(net.Socket.prototype, Object.getOwnPropertyNames(net.Socket.prototype).filter((name) => name !== "connect"));
replaceFunctions(net.Server.prototype, Object.getOwnPropertyNames(net.Server.prototype).filter((name) => name !== "listen"));
replaceFunctions(dns.promises);
replaceFunctions(dns.Resolver.prototype, ["constructor"]);
// Classes stay, since libraries extend them at load; what opens a connection goes.
const opening = ["connect", "createConnection", "createServer", "createSocket", "createSecureServer", "request", "get", "Socket"];
for (const each of [net, tls, http, https, http2, dgram] as object[]) {
  const classes = each === net ? ["Socket"] : [];
  replaceFunctions(each, Object.getOwnPropertyNames(each).filter((name) => !opening.includes(name) || classes.includes(name)));
}
replaceFunctions(dns, ["Resolver"]);
for (const name of ["fetch", "WebSocket", "EventSource"]) Object.defineProperty(globalThis, name, { value: refuse, writable: false, configurable: false });
for (const name of ["kill", "binding", "abort"]) Object.defineProperty(process, name, { value: refuse, writable: false, configurable: false });
syncBuiltinESMExports();
