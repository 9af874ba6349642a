import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, type CircuitBreakerPolicy } from "cockatiel";
import { gauge } from "../telemetry.ts";
import { Failure, type FailureKind } from "./failure.ts";

const open = gauge("llm_breaker_open", "1 while a breaker of the backend is open", ["backend"]);

/** Failures that say something about the backend's health; the others are about the one request. */
const weather = new Set<FailureKind>(["network", "timeout", "server", "broken_stream", "empty"]);

/** One breaker per backend and model: opened by failures in a row, one probe after a while, held open while a limit lasts. */
export interface Breakers {
  isOpen(backend: string, model: string): boolean;
  run<T>(backend: string, model: string, call: () => Promise<T>): Promise<T>;
  /** Holds every model of the backend back for a time: a usage limit or an unpaid bill is the account's. */
  hold(backend: string, ms: number): void;
  close(): void;
}

export function openBreakers(options: { failures: number; halfOpenMs: number }): Breakers {
  const policies = new Map<string, { backend: string; policy: CircuitBreakerPolicy; retryAt: number }>();
  const held = new Map<string, number>();

  function breaker(backend: string, model: string) {
    const key = JSON.stringify([backend, model]);
    let entry = policies.get(key);
    if (!entry) {
      const policy = circuitBreaker(handleWhen((error) => error instanceof Failure && weather.has(error.kind)), {
        halfOpenAfter: options.halfOpenMs,
        breaker: new ConsecutiveBreaker(options.failures),
      });
      const made = { backend, policy, retryAt: 0 };
      policy.onBreak(() => (made.retryAt = Date.now() + options.halfOpenMs));
      policy.onStateChange(() => show(backend));
      policies.set(key, made);
      entry = made;
    }
    return entry;
  }

  function show(backend: string): void {
    const anyOpen = isHeld(backend) || [...policies.values()].some((each) => each.backend === backend && each.policy.state !== CircuitState.Closed);
    open.set({ backend }, anyOpen ? 1 : 0);
  }

  const isHeld = (backend: string): boolean => (held.get(backend) ?? 0) > Date.now();

  function isOpen(backend: string, model: string): boolean {
    if (isHeld(backend)) return true;
    const { policy, retryAt } = breaker(backend, model);
    if (policy.state === CircuitState.Open) return Date.now() < retryAt;
    return policy.state !== CircuitState.Closed; // half open: the one probe is on its way
  }

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
      held.set(backend, Math.max(held.get(backend) ?? 0, Date.now() + ms));
      show(backend);
    },
    close: () => policies.clear(),
  };
}
