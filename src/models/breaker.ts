import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, type CircuitBreakerPolicy } from "cockatiel";
import type { HoldLedger } from "../stores/ledger/holds.ts";
import { gauge, type Log } from "../telemetry.ts";
import { Failure, type FailureKind } from "./failure.ts";

const openGauge = gauge("llm_breaker_open", "1 while a breaker of the backend is open", ["backend"]);

/** Failures that say something about the backend's health; the others are about the one request. */
const weather = new Set<FailureKind>(["network", "timeout", "server", "broken_stream", "empty"]);

const isBad = (error: Error): boolean => error instanceof Failure && weather.has(error.kind);

/** The one probe closes a breaker only where the backend was asked: what the ledger, the gate or its caller stopped tells nothing of it. */
const isAnswered = (error: Error): boolean => error instanceof Failure && error.sent;

export interface BreakerState {
  backend: string;
  model: string | null;
  state: "open" | "half_open" | "held";
  /** When the next call may go out. */
  until: string | null;
}

/** One breaker per backend and model: opened by failures in a row, one probe after a while, held open while a limit lasts. */
export interface Breakers {
  isOpen(backend: string, model: string): boolean;
  run<T>(backend: string, model: string, call: () => Promise<T>): Promise<T>;
  /** Holds every model of the backend back for a time, over restarts too: a usage limit or an unpaid bill is the account's. */
  hold(backend: string, ms: number): void;
  /** What is not closed now. `model` is null where the whole backend is held back. */
  list(): BreakerState[];
  /** Closes those of a backend, or all: an operator has mended it. Calls go out again at once. */
  reset(backend: string | null): Promise<void>;
  close(): void;
}

export interface BreakerParts {
  holds: HoldLedger;
  /** Backend → its account, as the ledger knows it. */
  accounts: Map<string, string>;
  log: Log;
}

/** Time since the process began, in ms: the clock on the wall may jump. */
const now = (): number => performance.now();
const onTheWall = (at: number): string => new Date(Date.now() + at - now()).toISOString();

/** Those of the configured backends; what is held in the ledger is held here too. */
export async function openBreakers(options: { failures: number; halfOpenMs: number }, { holds, accounts, log }: BreakerParts): Promise<Breakers> {
  const policies = new Map<string, { backend: string; model: string; policy: CircuitBreakerPolicy; retryAt: number }>();
  const held = new Map<string, number>();

  function breaker(backend: string, model: string) {
    const key = JSON.stringify([backend, model]);
    let entry = policies.get(key);
    if (!entry) {
      const policy: CircuitBreakerPolicy = circuitBreaker(handleWhen((error) => isBad(error) || (policy.state === CircuitState.HalfOpen && !isAnswered(error))), {
        halfOpenAfter: -Infinity, // it would go by the clock on the wall; `isOpen` says when
        breaker: new ConsecutiveBreaker(options.failures),
      });
      const made = { backend, model, policy, retryAt: 0 };
      policy.onBreak(() => (made.retryAt = now() + options.halfOpenMs));
      policy.onStateChange(() => show(backend));
      policies.set(key, made);
      entry = made;
    }
    return entry;
  }

  function show(backend: string): void {
    const anyOpen = isHeld(backend) || [...policies.values()].some((each) => each.backend === backend && each.policy.state !== CircuitState.Closed);
    openGauge.set({ backend }, anyOpen ? 1 : 0);
  }

  const isHeld = (backend: string): boolean => (held.get(backend) ?? -Infinity) > now();

  function holdHere(backend: string, ms: number): void {
    held.set(backend, Math.max(held.get(backend) ?? -Infinity, now() + ms));
    show(backend);
  }

  function isOpen(backend: string, model: string): boolean {
    if (isHeld(backend)) return true;
    const { policy, retryAt } = breaker(backend, model);
    if (policy.state === CircuitState.Open) return now() < retryAt;
    return policy.state !== CircuitState.Closed; // half open: the one probe is on its way
  }

  for (const { account, ms } of await holds.list()) for (const [id, of] of accounts) if (of === account) holdHere(id, ms);

  return {
    isOpen,
    async run(backend, model, call) {
      if (isOpen(backend, model)) throw new Failure("circuit_open", "its breaker is open", { sent: false });
      try {
        return await breaker(backend, model).policy.execute(call);
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw new Failure("circuit_open", "its breaker is open", { sent: false });
        throw error;
      }
    },
    hold(backend, ms) {
      const account = accounts.get(backend)!;
      for (const [id, of] of accounts) if (of === account) holdHere(id, ms);
      holds.put(account, ms).catch((error: unknown) => log.error({ event: "hold_lost", backend, cause: (error as Error).name }, "that a backend is left alone could not be written, and ends with this process"));
    },
    list() {
      const away = [...policies.values()].filter((each) => each.policy.state !== CircuitState.Closed);
      const states = away.map(({ backend, model, policy, retryAt }): BreakerState =>
        policy.state === CircuitState.Open && now() < retryAt ? { backend, model, state: "open", until: onTheWall(retryAt) } : { backend, model, state: "half_open", until: null },
      );
      const backends = [...held].filter(([id]) => isHeld(id)).map(([id, until]): BreakerState => ({ backend: id, model: null, state: "held", until: onTheWall(until) }));
      return [...backends, ...states];
    },
    async reset(backend) {
      const ended = [...accounts].filter(([id]) => backend === null || id === backend);
      await Promise.all(ended.map(([, account]) => holds.end(account)));
      const known = [...policies].filter(([, each]) => backend === null || each.backend === backend);
      for (const [key] of known) policies.delete(key);
      const open = new Set(ended.map(([, account]) => account));
      const freed = [...accounts].filter(([, account]) => open.has(account)).map(([id]) => id);
      for (const id of freed) held.delete(id);
      for (const id of new Set([...known.map(([, each]) => each.backend), ...freed])) show(id);
    },
    close: () => policies.clear(),
  };
}
