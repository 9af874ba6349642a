const firstSlots = 1 << 12;

/**
 * Places of chunk keys, 0 for the first that came: a Map takes several times as long for the hundred thousand postings of a
 * frequent word. Keys are random bits (`keyOf`), so their low ones are the hash.
 */
export interface KeyTable {
  readonly size: number;
  /** In the order of their places; longer than `size`. */
  readonly keys: Float64Array;
  /** -1 for a key that is not there. */
  placeOf(key: number): number;
  /** Of a key that is not there. */
  add(key: number): number;
  clear(): void;
}

export function openKeyTable(): KeyTable {
  /** Each holds a place + 1. */
  let slots = new Int32Array(firstSlots);
  let keys = new Float64Array(firstSlots / 2);
  let size = 0;

  /** Where the key is, or the empty slot where it belongs. */
  function slotOf(key: number): number {
    const mask = slots.length - 1;
    let slot = (key >>> 0) & mask;
    for (let entry = slots[slot]!; entry !== 0 && keys[entry - 1] !== key; entry = slots[slot]!) slot = (slot + 1) & mask;
    return slot;
  }

  function grow(): void {
    keys = doubled(keys);
    slots = new Int32Array(slots.length * 2);
    for (let place = 0; place < size; place++) slots[slotOf(keys[place]!)] = place + 1;
  }

  return {
    get size() {
      return size;
    },
    get keys() {
      return keys;
    },
    placeOf: (key) => slots[slotOf(key)]! - 1,
    add(key) {
      if (size === keys.length) grow();
      keys[size] = key;
      slots[slotOf(key)] = size + 1;
      return size++;
    },
    clear() {
      size = 0;
      slots.fill(0);
    },
  };
}

export function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(values.length * 2);
  more.set(values);
  return more;
}
