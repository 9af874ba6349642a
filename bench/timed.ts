export interface Sample {
  /** By the clock, and by this process's own processor time, which a busy machine does not spoil. */
  ms: number;
  cpuMs: number;
}

export async function timed(call: () => Promise<unknown>): Promise<Sample> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await call();
  const ms = performance.now() - started;
  const used = process.cpuUsage(cpu);
  return { ms, cpuMs: (used.user + used.system) / 1000 };
}

export interface Round {
  direct: Sample[];
  routed: Sample[];
}

/** The two ways in turn, round by round. */
export async function timedInTurn(calls: number, rounds: number, direct: () => Promise<unknown>, routed: () => Promise<unknown>): Promise<Round[]> {
  for (let warm = 0; warm < 300; warm++) {
    await direct();
    await routed();
  }
  const all: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const samples: Round = { direct: [], routed: [] };
    for (let call = 0; call < calls / rounds; call++) {
      samples.direct.push(await timed(direct));
      samples.routed.push(await timed(routed));
    }
    all.push(samples);
  }
  return all;
}

export const at = (samples: number[], share: number): number => samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)]!;
export const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** p50 and p99 in ms of each round, then the middle one: a machine that is busy with something else spoils single rounds. */
export function compared(rounds: Round[], key: keyof Sample) {
  const of = (samples: Sample[], share: number) => at(samples.map((sample) => sample[key]), share);
  const middle = (measure: (round: Round) => number): number => rounded(at(rounds.map(measure), 0.5));
  return {
    direct: { p50: middle((round) => of(round.direct, 0.5)), p99: middle((round) => of(round.direct, 0.99)) },
    routed: { p50: middle((round) => of(round.routed, 0.5)), p99: middle((round) => of(round.routed, 0.99)) },
    added: { p50: middle((round) => of(round.routed, 0.5) - of(round.direct, 0.5)), p99: middle((round) => of(round.routed, 0.99) - of(round.direct, 0.99)) },
  };
}
