export interface Deadline {
  /** Aborts when the time is over. */
  signal: AbortSignal;
  /** Aborts then, or when the caller's does. */
  either: AbortSignal;
  /** To be called when the work has ended: a timer that runs on, or a caller's signal, keeps all that stands around the call. */
  end(): void;
}

/** Two signals over so many ms. `AbortSignal.any` is not used: what it joins waits for a full garbage collection, call by call. */
export function startDeadline(ms: number, caller: AbortSignal): Deadline {
  const [passed, either] = [new AbortController(), new AbortController()];
  const follow = () => either.abort(caller.reason);
  const timer = setTimeout(() => {
    passed.abort(new DOMException("the deadline passed", "TimeoutError"));
    either.abort(passed.signal.reason);
  }, ms).unref();
  if (caller.aborted) follow();
  else caller.addEventListener("abort", follow, { once: true });
  return {
    signal: passed.signal,
    either: either.signal,
    end() {
      clearTimeout(timer);
      caller.removeEventListener("abort", follow);
    },
  };
}
