/** What a verb prints: one JSON value with `--json`, else lines for a person. */

import { describeError, reportError } from '../core/errors.ts';

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, jsonValue, 2)}\n`);
}

/** Exact numbers survive: an int64 beyond 2^53 is written as a string. Bytes are hex. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** With `--json` the error is the output, on standard output; else a line on standard error. */
export function printError(error: unknown, json: boolean): void {
  if (json) printJson({ error: reportError(error) });
  else process.stderr.write(`error: ${describeError(error)}\n`);
}

/** Columns aligned by the widest cell; the last is not padded. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Progress on one line of a terminal; silent when the output is a file or a pipe. */
export class ProgressLine {
  readonly #active = process.stderr.isTTY === true;

  show(text: string): void {
    if (this.#active) process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  clear(): void {
    if (this.#active) process.stderr.write('\r\u001b[K');
  }
}
