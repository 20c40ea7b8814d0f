/** Rows that say the same thing twice, and rows that contradict one another, also with the two responses swapped. */

import { type CheckDeclaration, counted, percent } from './check.ts';
import { HashTable } from './hash-table.ts';
import type { Observed } from './observed-record.ts';
import { RowHashes } from './row-hashes.ts';
import { RowTally } from './row-set.ts';
import { mix32, TextHash } from './text-hash.ts';

const NO_TEXT = { low: 0, high: 0 };
/** What a row says about two responses in an order of their own; a score is itself. */
const VERDICTS = { first: 0, second: 1, tie: 2 } as const;
/** A verdict takes three bits beside the row it came from. */
const HIGHEST_VERDICT = 7;

export const repeatedRows: CheckDeclaration = {
  id: 'repeated-rows',
  title: 'Repeated and contradictory rows',
  tier: 'structural',
  finds: {
    duplicate: { title: 'Exact duplicate rows', severity: 'warning' },
    'contradictory-labels': { title: 'Contradictory labels for one prompt and pair', severity: 'warning' },
  },
  start() {
    /** What every record judges, marked with its verdict. */
    const judged = new RowHashes();
    const judgement = new Judgement();
    const seen = { judged };
    return {
      seen,
      observe({ row, observed }) {
        if (!observed) return;
        judgement.read(observed);
        judged.add(judgement.low, judgement.high, row, judgement.verdict);
      },
      findings() {
        const { duplicates, contradictions } = compare(judged);
        const shareOf = ({ count }: RowTally) => count / judged.size;
        return [
          ...(duplicates.count === 0
            ? []
            : [
                {
                  id: 'duplicate',
                  severity: 'warning' as const,
                  count: duplicates.count,
                  share: shareOf(duplicates),
                  rows: duplicates.rows,
                  message: `In ${counted(duplicates.count, 'row')} (${percent(shareOf(duplicates))}) an earlier row is repeated exactly.`,
                  hint: 'Keep one of each: repeats weigh more than others.',
                  fix: {
                    kind: 'drop-duplicates' as const,
                    count: duplicates.rows.size,
                    description: 'Keep the first of each and leave the repeats out of the new file.',
                  },
                },
              ]),
          ...(contradictions.count === 0
            ? []
            : [
                {
                  id: 'contradictory-labels',
                  severity: 'warning' as const,
                  count: contradictions.count,
                  share: shareOf(contradictions),
                  rows: contradictions.rows,
                  message: `In ${counted(contradictions.count, 'row')} (${percent(shareOf(contradictions))}) the same responses to the same prompt are judged otherwise than in an earlier row.`,
                  hint: 'Decide for one label, or leave both rows out: a person has to.',
                },
              ]),
        ];
      },
    };
  },
};

/** Every record with the first one that judges the same. */
function compare(judged: RowHashes): { readonly duplicates: RowTally; readonly contradictions: RowTally } {
  const firsts = new HashTable(judged.size);
  const duplicates = new RowTally();
  const contradictions = new RowTally();
  judged.forEach((low, high, row, verdict) => {
    const known = firsts.add(low, high, row * (HIGHEST_VERDICT + 1) + verdict);
    if (known === undefined) return;
    if (known % (HIGHEST_VERDICT + 1) === verdict) {
      duplicates.add(row);
      return;
    }
    contradictions.add(row);
    contradictions.rows.add(Math.floor(known / (HIGHEST_VERDICT + 1)));
  });
  return { duplicates, contradictions };
}

/** The hash of a prompt with its responses in an order of their own, and what the row says about them in that order. */
class Judgement {
  low = 0;
  high = 0;
  verdict = 0;
  readonly #hash = new TextHash();

  read(observed: Observed): void {
    const [first, second] = observed.textHashes;
    const { low: firstLow, high: firstHigh } = first ?? NO_TEXT;
    let swapped = false;
    this.low = firstLow;
    this.high = firstHigh;
    if (second !== undefined) {
      const { low, high } = second;
      swapped = firstHigh > high || (firstHigh === high && firstLow > low);
      // Both orders give one sum, whose parts are mixed apart from each other.
      this.low = (mix32(firstLow) + mix32(low)) >>> 0;
      this.high = (mix32(firstHigh) + mix32(high)) >>> 0;
    }
    this.#hash.number(observed.promptLow).number(observed.promptHigh).number(this.low).number(this.high).finish();
    this.low = this.#hash.low;
    this.high = this.#hash.high;
    this.verdict = verdictOf(observed, swapped);
  }
}

function verdictOf(observed: Observed, swapped: boolean): number {
  if (observed.kind === 'preference-pair') return swapped ? VERDICTS.second : VERDICTS.first;
  const { record } = observed;
  switch (record.kind) {
    case 'compared-responses':
      if (record.preferred === 'tie') return VERDICTS.tie;
      return (record.preferred === 'A') === swapped ? VERDICTS.second : VERDICTS.first;
    case 'scored-response':
      return Math.min(HIGHEST_VERDICT, Math.max(0, Math.round(record.score)));
    default:
      return 0;
  }
}
