/** Points in time as ISO 8601 text with every digit that is stored; a `Date` would round to milliseconds. */

export type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS';

const DIGITS: Readonly<Record<TimeUnit, number>> = { MILLIS: 3, MICROS: 6, NANOS: 9 };
const SECONDS_PER_DAY = 86_400;

/** @param days since 1970-01-01 */
export function dateText(days: number): string {
  // Years begin in March, so that the leap day is the last; see
  // https://howardhinnant.github.io/date_algorithms.html#civil_from_days
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${yearText(year)}-${padded(month, 2)}-${padded(day, 2)}`;
}

/** ISO 8601 writes years outside 0 to 9999 with a sign and six digits. */
function yearText(year: number): string {
  if (year >= 0 && year <= 9_999) return padded(year, 4);
  return `${year < 0 ? '-' : '+'}${padded(Math.abs(year), 6)}`;
}

/** @param zone `Z` where the instant is known, '' for the time on a wall clock somewhere */
export function timestampText(count: bigint, unit: TimeUnit, zone: 'Z' | ''): string {
  const perDay = 10n ** BigInt(DIGITS[unit]) * BigInt(SECONDS_PER_DAY);
  const day = count / perDay - (count % perDay < 0n ? 1n : 0n);
  return `${dateText(Number(day))}T${timeText(count - day * perDay, unit)}${zone}`;
}

/** @param count units since midnight */
export function timeText(count: bigint, unit: TimeUnit): string {
  const perSecond = 10n ** BigInt(DIGITS[unit]);
  const seconds = Number(count / perSecond);
  if (count < 0n || seconds > SECONDS_PER_DAY) return `${count} ${unit.toLowerCase()} after midnight`;
  const clock = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    padded(part, 2),
  );
  return `${clock.join(':')}.${String(count % perSecond).padStart(DIGITS[unit], '0')}`;
}

/** The three unsigned parts of Parquet's INTERVAL as an ISO 8601 duration. */
export function intervalText(months: number, days: number, milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  return `P${months}M${days}DT${seconds}S`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
