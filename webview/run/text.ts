/** Numbers and times in words. */

/** "7.4 s", "12 min 50 s", "1 h 43 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  if (seconds === 0) return '0 s';
  if (seconds < 0.1) return `${(seconds * 1000).toPrecision(2)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A value of a metric in few characters: 0.592, 1,234, 9.0e−6. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return '\u2013';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '\u2212inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return minus(value.toExponential(1));
  if (size >= 1000) return minus(Math.round(value).toLocaleString('en'));
  return minus(value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3));
}

export const signed = (value: number): string => (value > 0 ? `+${number(value)}` : number(value));

export const count = (value: number): string => value.toLocaleString('en');

export const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

const minus = (text: string): string => text.replaceAll('-', '\u2212');

/** "14:32", with its date where that is not today's. */
export function clock(time: string, now = new Date()): string {
  const date = new Date(time);
  const hours = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return date.toDateString() === now.toDateString() ? hours : `${date.toLocaleDateString('en-CA')} ${hours}`;
}
