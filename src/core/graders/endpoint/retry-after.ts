/** How long to wait before asking again. */

const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/**
 * What the header `Retry-After` asks for, in milliseconds: seconds, or a date (RFC 9110, 10.2.3); `retry-after-ms` is how
 * some model APIs say it more finely.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const fine = headers.get('retry-after-ms');
  if (fine !== null && /^\d+(\.\d+)?$/.test(fine.trim())) return Number(fine);
  const text = headers.get('retry-after')?.trim();
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // A parser of dates takes a bare number for a year.
  const date = /^[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Exponential backoff with full jitter: anything between nothing and the doubled time, so that many who failed together
 * do not come back together. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(failures: number, random: () => number): number {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
