/** Seeded random numbers: the same seed gives the same order on every platform. */

/**
 * mulberry32 (Tommy Ettinger, public domain): 32 bits of state, 32-bit integer arithmetic only.
 * Returns a function that gives unsigned 32-bit integers.
 */
export function randomIntegers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Shuffles in place (Fisher-Yates). The index is taken by modulo: its bias is below 2^-32 * length. */
export function shuffle<T extends unknown[] | Int32Array>(items: T, next: () => number): T {
  for (let last = items.length - 1; last > 0; last--) {
    const other = next() % (last + 1);
    const kept = items[last];
    items[last] = items[other] as never;
    items[other] = kept as never;
  }
  return items;
}
