/** Rows that are in no measure, counted by why not, each reason with its first row. */

import type { Dataset } from '../datasets/dataset.ts';
import type { ReportProblem } from './report.ts';

export class RowProblems {
  readonly #problems = new Map<string, ReportProblem>();

  add(
    kind: ReportProblem['kind'],
    reason: string,
    first: Partial<ReportProblem['first']> & { message: string },
    rows = 1,
  ) {
    const key = `${kind} ${reason}`;
    const known = this.#problems.get(key);
    if (known) known.rows += rows;
    else this.#problems.set(key, { kind, reason, rows, first: { row: null, line: null, ...first } });
  }

  count(...kinds: ReportProblem['kind'][]): number {
    return this.list.reduce((sum, { kind, rows }) => sum + (kinds.includes(kind) ? rows : 0), 0);
  }

  /** The most frequent first. */
  get list(): ReportProblem[] {
    return [...this.#problems.values()].sort((a, b) => b.rows - a.rows);
  }
}

/** Begins with the lines of the file that are no rows. */
export function malformedLines({ malformed }: Dataset): RowProblems {
  const problems = new RowProblems();
  const [first] = malformed.first;
  if (first) problems.add('malformed', 'malformed', { line: first.line, message: first.message }, malformed.count);
  return problems;
}
