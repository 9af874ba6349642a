export interface Deadline {
  signal: AbortSignal;
  /** To be called when the work has ended: a timer that runs on keeps all that stands around the call. */
  end(): void;
}

/** A signal that aborts after so many ms. */
export function startDeadline(ms: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("the deadline passed", "TimeoutError")), ms).unref();
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}
