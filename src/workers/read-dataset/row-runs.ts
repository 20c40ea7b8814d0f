/** Single rows gathered into stretches that are read at once. */

/** Reading a few rows too many costs less than beginning anew. */
const GAP = 32;

/** Ascending stretches that hold all of these rows; ends are exclusive. */
export function runsOf(rows: readonly number[]): { readonly start: number; readonly end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (const row of rows.toSorted((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last && row < last.end + GAP) last.end = Math.max(last.end, row + 1);
    else runs.push({ start: row, end: row + 1 });
  }
  return runs;
}
