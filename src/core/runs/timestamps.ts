/** Times of log entries, fast: a log has very many, and neighbours share their minute. */

/** `2026-01-02T03:04` */
const MINUTE_CHARS = 16;

let knownMinute = '';
let knownMinuteMs = Number.NaN;
let knownText = '';
let knownMs = Number.NaN;

/** Milliseconds since 1970 of a time like `2026-01-02T03:04:05.678Z`; NaN where it is not one. */
export function parseTimestamp(text: string): number {
  if (text === knownText) return knownMs;
  if (knownMinute === '' || !text.startsWith(knownMinute)) {
    const minute = text.slice(0, MINUTE_CHARS);
    const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(minute) ? Date.parse(`${minute}:00Z`) : Number.NaN;
    // A day that the month does not have is moved into the next month by some engines.
    if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(minute)) return Number.NaN;
    knownMinute = minute;
    knownMinuteMs = ms;
  }
  const seconds = secondsOf(text);
  if (!(seconds < 60)) return Number.NaN;
  knownText = text;
  knownMs = knownMinuteMs + seconds * 1000;
  return knownMs;
}

/** `:05.678Z` from the 17th character on; NaN where it is not that. */
function secondsOf(text: string): number {
  const last = text.length - 1;
  const tens = text.charCodeAt(17) - 48;
  const ones = text.charCodeAt(18) - 48;
  if (text.charCodeAt(16) !== 58 || text.charCodeAt(last) !== 90 || !isDigit(tens) || !isDigit(ones)) return Number.NaN;
  let seconds = tens * 10 + ones;
  if (last === 19) return seconds;
  if (text.charCodeAt(19) !== 46 || last < 21) return Number.NaN;
  for (let at = 20, unit = 0.1; at < last; at += 1, unit /= 10) {
    const digit = text.charCodeAt(at) - 48;
    if (!isDigit(digit)) return Number.NaN;
    seconds += digit * unit;
  }
  return seconds;
}

const isDigit = (value: number): boolean => value >= 0 && value <= 9;
