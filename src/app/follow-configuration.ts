import { unwatchFile, watchFile } from "node:fs";
import type { Config } from "../config.ts";
import { publicError } from "../errors.ts";
import { gauge, type Log } from "../telemetry.ts";

const refused = gauge("sluice_configuration_refused", "1 while the configuration on disk has mistakes and the one before it holds");

/** Where the configuration comes from: its files, and how it is read again. */
export interface ConfigurationSource {
  files: string[];
  load(): Config;
}

/** Sections that are taken over while the process runs; any other needs a restart. */
const followed = new Set(["models", "routing", "budgets", "vision"]);

export interface FollowedConfiguration {
  /** Reads it again now. Throws `config`; then what held before holds on. */
  reload(): Promise<void>;
  /** What is wrong with the configuration on disk, or null. */
  fault(): string | null;
  stop(): void;
}

/**
 * Looks at the files every second (they may be links that are changed, on a volume that tells nobody) and hands a changed
 * configuration to `apply`, one after the other.
 */
export function followConfiguration(first: Config, source: ConfigurationSource, parts: { apply(config: Config): Promise<void>; log: Log }): FollowedConfiguration {
  let current = first;
  let fault: string | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  async function take(): Promise<void> {
    try {
      const next = source.load();
      await parts.apply(next);
      const late = Object.keys(next).filter((section) => !followed.has(section) && JSON.stringify(next[section as keyof Config]) !== JSON.stringify(current[section as keyof Config]));
      if (late.length) parts.log.warn({ event: "restart_needed", sections: late }, "these sections of the configuration changed and hold after a restart");
      current = { ...current, ...Object.fromEntries(Object.entries(next).filter(([section]) => followed.has(section))) };
      fault = null;
    } catch (error) {
      fault = publicError(error).message;
      throw error;
    } finally {
      refused.set(fault === null ? 0 : 1);
    }
  }

  function reload(): Promise<void> {
    const done = turn.then(take);
    turn = done.catch(() => undefined);
    return done;
  }

  const changed = () => void reload().catch((error: unknown) => parts.log.error({ event: "configuration_refused", code: publicError(error).code }, publicError(error).message));
  for (const file of source.files) watchFile(file, { interval: 1000, persistent: false }, changed);
  return {
    reload,
    fault: () => fault,
    stop() {
      for (const file of source.files) unwatchFile(file, changed);
    },
  };
}
