/** Rows that say the same thing twice, and rows that contradict an earlier one. */

import { completionText, type TrainingRecord } from '../records.ts';
import { type Check, type Finding, hash64, percent, promptHash, RowTally, responsesOf } from './check.ts';

export function repeatedRows(): Check {
  /** What is judged -> the verdict of its first row. */
  const verdicts = new Map<string, string>();
  const duplicates = new RowTally();
  const contradictions = new RowTally();
  let usable = 0;
  return {
    observe({ row, record }) {
      if (!record) return;
      usable++;
      const { subject, verdict } = judge(record);
      const known = verdicts.get(subject);
      if (known === undefined) verdicts.set(subject, verdict);
      else (known === verdict ? duplicates : contradictions).add(row);
    },
    findings: () => [
      ...finding(
        'duplicate',
        duplicates,
        usable,
        'repeat an earlier row exactly',
        'Keep one of each: repeats weigh more than others.',
      ),
      ...finding(
        'contradictory-labels',
        contradictions,
        usable,
        'judge the same responses to the same prompt otherwise than an earlier row',
        'Decide for one label, or leave both rows out.',
      ),
    ],
  };
}

/** The prompt and its responses in an order of their own, and what the row says about them in that order. */
function judge(record: TrainingRecord): { subject: string; verdict: string } {
  const hashes = responsesOf(record).map((response) => hash64(completionText(response)));
  const swapped = hashes.length === 2 && hashes[0]! > hashes[1]!;
  const subject = [promptHash(record), ...[...hashes].sort()].join('');
  switch (record.kind) {
    case 'preference-pair':
      return { subject, verdict: swapped ? 'second' : 'first' };
    case 'compared-responses':
      if (record.preferred === 'tie') return { subject, verdict: 'tie' };
      return { subject, verdict: (record.preferred === 'A') === swapped ? 'second' : 'first' };
    case 'scored-response':
      return { subject, verdict: String(record.score) };
    case 'conversation':
      return { subject, verdict: '' };
  }
}

function finding(id: string, tally: RowTally, usable: number, does: string, hint: string): Finding[] {
  if (tally.count === 0) return [];
  const share = tally.count / usable;
  const message = `${tally.count} rows (${percent(share)}) ${does}.`;
  return [{ id, severity: 'warning', count: tally.count, share, rows: tally.rows, message, hint }];
}
