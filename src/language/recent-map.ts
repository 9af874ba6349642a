/** A map that forgets: it holds what was asked for or set of late, at most twice `most` entries. */
export interface RecentMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** When `most` entries are new, those that were not asked for since the last time are let go: common words stay. */
export function recentMap<Value>(most: number): RecentMap<Value> {
  let fresh = new Map<string, Value>();
  let old = new Map<string, Value>();
  const set = (key: string, value: Value): void => {
    if (fresh.size >= most) {
      old = fresh;
      fresh = new Map();
    }
    fresh.set(key, value);
  };
  return {
    get(key) {
      const value = fresh.get(key);
      if (value !== undefined) return value;
      const before = old.get(key);
      if (before !== undefined) set(key, before);
      return before;
    },
    set,
  };
}
