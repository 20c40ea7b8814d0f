/** 95 % confidence intervals. Rows are taken as independent, so rows that share a prompt make them a little narrow. */

export type Interval = readonly [low: number, high: number];

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson score interval of a share (Wilson 1927). `successes` may be fractional, where ties count one half.
 * Within 0 to 1; NaN for n = 0.
 */
export function wilsonInterval(successes: number, n: number): Interval {
  if (n === 0) return [Number.NaN, Number.NaN];
  const share = successes / n;
  const z2 = Z * Z;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  // At the ends the formula gives 0 and 1 exactly, but for rounding.
  return [successes === 0 ? 0 : centre - half, successes === n ? 1 : centre + half];
}

/**
 * Normal approximation for a mean, with the sample standard deviation (n - 1); the mean itself where n < 2.
 * @param squares sum of the squared differences from the mean
 */
export function meanInterval(mean: number, squares: number, n: number): Interval {
  if (n < 2) return [mean, mean];
  const half = Z * Math.sqrt(squares / (n - 1) / n);
  return [mean - half, mean + half];
}

/** Normal approximation for any estimate with a known standard error, kept within `range`. */
export function normalInterval(value: number, standardError: number, range: Interval): Interval {
  return [Math.max(range[0], value - Z * standardError), Math.min(range[1], value + Z * standardError)];
}
