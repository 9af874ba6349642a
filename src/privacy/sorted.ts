/** How many items, counted from the first, lie before a border: `isBefore` holds for these and for none behind them. In log(n) steps. */
export function countBefore<T>(sorted: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the last number at or below `value`, or -1. */
export const lastAtOrBefore = (sorted: readonly number[], value: number): number => countBefore(sorted, (each) => each <= value) - 1;
