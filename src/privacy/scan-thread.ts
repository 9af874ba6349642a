import { workerData } from "node:worker_threads";
import { openLanguage } from "../language/open-language.ts";
import type { Detector } from "./detectors/detector.ts";
import { allDetectors } from "./detectors/registry.ts";
import { scanPassages, type Scanned, type ScanRequest } from "./scan.ts";

/** Modules that export `detectors: Detector[]`, run after our own. */
const { moreDetectors } = workerData as { moreDetectors: string[] };
const language = await openLanguage();
const detectors: readonly Detector[] = [...allDetectors(language), ...(await readMore(moreDetectors))];

// Word lists are read on first use: here it counts as start-up, not against the deadline of the first text.
language.names("Anna Schmidt wrote to Peter Lambert.", null);

async function readMore(modules: string[]): Promise<Detector[]> {
  const loaded = await Promise.all(modules.map((module) => import(module) as Promise<{ detectors: Detector[] }>));
  return loaded.flatMap((each) => each.detectors);
}

/** `progress[0]` is the number of the running detector, from 1: when the thread is killed, the parent names it. */
export function scan(argument: ScanRequest & { progress: Int32Array }): Scanned[] {
  const starts = (detector: number): void => void Atomics.store(argument.progress, 0, detector + 1);
  return scanPassages(argument, detectors, (text) => language.identify(text), starts);
}

export const detectorIds = (): string[] => detectors.map((each) => each.id);
