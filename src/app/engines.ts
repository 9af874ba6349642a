import { publicError } from "../errors.ts";

/** ms after which an engine that says nothing counts as down. */
const patience = 5_000;

/** What can be asked how it is: for `sluice check` and `/health/ready`. */
export interface Engine {
  /** Key of the configuration. */
  store: string;
  engine(): Promise<{ name: string; version: string }>;
}

export const isEngine = (store: object): store is Pick<Engine, "engine"> => "engine" in store;

export interface EngineState {
  store: string;
  ok: boolean;
  /** Name, version and ms it took, or what is wrong. */
  detail: string;
}

/** Asks every engine for its version, all at once. */
export const readEngines = (engines: readonly Engine[]): Promise<EngineState[]> => Promise.all(engines.map(readEngine));

async function readEngine({ store, engine }: Engine): Promise<EngineState> {
  const started = performance.now();
  const silence = AbortSignal.timeout(patience);
  try {
    const late = new Promise<never>((_, reject) => silence.addEventListener("abort", () => reject(new Error("late"))));
    const { name, version } = await Promise.race([engine(), late]);
    return { store, ok: true, detail: `${name} ${version}, ${Math.round(performance.now() - started)} ms` };
  } catch (error) {
    return { store, ok: false, detail: silence.aborted ? `no answer in ${patience / 1000} s` : publicError(error).message };
  }
}
