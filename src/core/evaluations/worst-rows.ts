/** The rows that a grader got wrong by most. */

import { completionText, promptOf, promptText, responsesOf } from '../datasets/records.ts';
import type { Judged } from '../methods/evaluation-tally.ts';
import type { LabelledRecord, Verdict } from './judge-record.ts';
import type { WorstRow } from './report.ts';

const KEPT = 100;
const LONGEST_TEXT = 300;

export class WorstRows {
  /** Worst first; of equals the earlier row. */
  readonly rows: WorstRow[] = [];

  add(row: number, record: LabelledRecord, verdict: Verdict): void {
    const wrongBy = wrongness(verdict.judged);
    if (wrongBy === undefined) return;
    const last = this.rows.at(-1);
    if (this.rows.length === KEPT && last && last.wrong_by >= wrongBy) return;
    const place = this.rows.findLastIndex((kept) => kept.wrong_by >= wrongBy) + 1;
    this.rows.splice(place, 0, describe(row, record, verdict, wrongBy));
    if (this.rows.length > KEPT) this.rows.pop();
  }
}

/** What `wrong_by` counts. */
export const WRONG_BY = {
  'preference-pair': 'margin',
  'scored-response': 'points',
  'compared-responses': 'probability',
} as const satisfies Record<LabelledRecord['kind'], string>;

/**
 * How far the wrong way: the margin by which the rejected response was preferred; the points between score and label; how
 * much likelier the wrong verdict was held than the right one (1 of those who give no probabilities). Undefined where the
 * answer is right.
 */
function wrongness(row: Judged): number | undefined {
  switch (row.kind) {
    case 'preference-pair':
      return row.margin > 0 ? undefined : Math.abs(row.margin);
    case 'scored-response':
      return row.answer === row.label ? undefined : Math.abs(row.score - row.label);
    case 'compared-responses': {
      const { verdict, preferred, probabilities } = row;
      if (verdict === preferred) return undefined;
      return probabilities === null ? 1 : Math.max(0, probabilities[verdict] - probabilities[preferred]);
    }
  }
}

const TITLES = {
  'preference-pair': ['chosen', 'rejected'],
  'scored-response': ['response'],
  'compared-responses': ['A', 'B'],
} as const satisfies Record<LabelledRecord['kind'], readonly string[]>;

function describe(row: number, record: LabelledRecord, { judged, scores }: Verdict, wrongBy: number): WorstRow {
  const titles = TITLES[record.kind];
  return {
    row,
    prompt: startOf(promptText(promptOf(record))),
    responses: responsesOf(record).map((response, at) => ({
      title: titles[at] ?? '',
      text: startOf(completionText(response)),
      score: scores[at] ?? null,
    })),
    label: labelText(judged),
    answer: answerText(judged),
    wrong_by: wrongBy,
  };
}

/** Whole characters, in one paragraph. */
function startOf(text: string): string {
  const characters = [
    ...text
      .slice(0, 2 * LONGEST_TEXT)
      .replace(/\s+/g, ' ')
      .trim(),
  ];
  const cut = characters.length > LONGEST_TEXT || text.length > 2 * LONGEST_TEXT;
  return cut ? `${characters.slice(0, LONGEST_TEXT).join('').trimEnd()}\u2026` : characters.join('');
}

function labelText(row: Judged): string {
  if (row.kind === 'preference-pair') return 'chosen';
  return row.kind === 'scored-response' ? String(row.label) : row.preferred;
}

function answerText(row: Judged): string {
  if (row.kind === 'preference-pair') return row.margin === 0 ? 'tie' : row.margin > 0 ? 'chosen' : 'rejected';
  return row.kind === 'scored-response' ? String(row.answer) : row.verdict;
}
