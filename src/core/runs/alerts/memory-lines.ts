/** Lines of a trainer's log that tell of memory that ran out. */

const OUT_OF_MEMORY =
  /out of memory|OutOfMemoryError|\bMemoryError\b|std::bad_alloc|Cannot allocate memory|No available memory for the cache blocks|\boom[-_]?kill/i;

const SHOWN = 200;

/** The first such line, cut to a length that can be shown. */
export function findMemoryLine(lines: readonly string[]): string | undefined {
  const line = lines.find((candidate) => OUT_OF_MEMORY.test(candidate));
  return line === undefined ? undefined : line.trim().slice(0, SHOWN);
}
