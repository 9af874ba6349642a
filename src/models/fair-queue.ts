type Run = () => Promise<unknown>;

export interface FairOptions {
  priority?: number;
  tenant?: string;
}

/** Calls of one priority: tenants take turns, each in its own order. */
class Lane {
  readonly #tenants = new Map<string, Run[]>();

  add(run: Run, tenant: string): void {
    const own = this.#tenants.get(tenant);
    if (own) own.push(run);
    else this.#tenants.set(tenant, [run]);
  }

  next(): Run | undefined {
    const [first] = this.#tenants;
    if (!first) return undefined;
    const [tenant, own] = first;
    const run = own.shift();
    this.#tenants.delete(tenant);
    if (own.length) this.#tenants.set(tenant, own); // behind the others
    return run;
  }

  remove(run: Run): boolean {
    for (const [tenant, own] of this.#tenants) {
      const at = own.indexOf(run);
      if (at < 0) continue;
      own.splice(at, 1);
      if (own.length === 0) this.#tenants.delete(tenant);
      return true;
    }
    return false;
  }

  all(): Run[] {
    return [...this.#tenants.values()].flat();
  }

  get empty(): boolean {
    return this.#tenants.size === 0;
  }
}

/** Questions in a row before a call of ingestion goes, when one waits. */
const questionsInARow = 4;

/** What waits for a slot, for `p-queue`: questions go first, and neither ingestion nor a tenant with few calls starves behind many. */
export class FairQueue {
  readonly #questions = new Lane();
  readonly #ingest = new Lane();
  #row = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  enqueue(run: Run, { priority = 0, tenant = "" }: FairOptions = {}): void {
    (priority > 0 ? this.#questions : this.#ingest).add(run, tenant);
    this.#size++;
  }

  dequeue(): Run | undefined {
    if (this.#size === 0) return undefined;
    this.#size--;
    const isQuestion = !this.#questions.empty && (this.#ingest.empty || this.#row < questionsInARow);
    this.#row = isQuestion && !this.#ingest.empty ? this.#row + 1 : 0;
    return (isQuestion ? this.#questions : this.#ingest).next();
  }

  remove(run: Run | string): void {
    if (typeof run !== "string" && (this.#questions.remove(run) || this.#ingest.remove(run))) this.#size--;
  }

  filter({ priority = 0 }: Readonly<FairOptions>): Run[] {
    return (priority > 0 ? this.#questions : this.#ingest).all();
  }

  setPriority(): void {
    throw new Error("a call keeps its priority");
  }
}
