/** Disjoint sets with path halving. */
export class Union {
  readonly #parents = new Map<string, string>();
  readonly #classes = new Map<string, number>();

  add(id: string): void {
    if (!this.#parents.has(id)) this.#parents.set(id, id);
  }

  root(id: string): string {
    this.add(id);
    let at = id;
    for (let up = this.#parents.get(at)!; up !== at; up = this.#parents.get(at)!) {
      this.#parents.set(at, this.#parents.get(up)!);
      at = this.#parents.get(at)!;
    }
    return at;
  }

  /** True when they were apart. */
  join(a: string, b: string, value = 0): boolean {
    const [one, other] = [this.root(a), this.root(b)];
    const strictest = Math.max(value, this.#classes.get(one) ?? 0, this.#classes.get(other) ?? 0);
    this.#parents.set(other, one);
    this.#classes.set(one, strictest);
    return one !== other;
  }

  groups(): { members: string[]; joinedClass: number }[] {
    const groups = new Map<string, { members: string[]; joinedClass: number }>();
    for (const id of this.#parents.keys()) {
      const root = this.root(id);
      if (!groups.has(root)) groups.set(root, { members: [], joinedClass: this.#classes.get(root) ?? 0 });
      groups.get(root)!.members.push(id);
    }
    return [...groups.values()];
  }
}
