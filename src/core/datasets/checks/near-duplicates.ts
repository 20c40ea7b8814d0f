/** Prompts, and responses, that are nearly an earlier one of another row: Jaccard similarity of word 5-shingles from 0.8 on. */

import { type CheckDeclaration, counted, type FoundRows, percent } from './check.ts';
import { HashTable } from './hash-table.ts';
import { MinHash } from './min-hash.ts';
import { RowTally } from './row-set.ts';
import { SimilarTexts } from './similar-texts.ts';
import { TextHash } from './text-hash.ts';
import { WordHashes } from './words.ts';

const THRESHOLD = 0.8;
/** One word changed in a shorter text leaves less than half of its shingles: there is nothing to estimate. */
const FEWEST_WORDS = 10;

export const nearDuplicates: CheckDeclaration = {
  id: 'near-duplicates',
  title: 'Near-duplicate prompts and responses',
  tier: 'text',
  finds: {
    'near-duplicate-prompts': { title: 'Near-duplicate prompts', severity: 'warning' },
    'near-duplicate-responses': { title: 'Near-duplicate responses', severity: 'warning' },
  },
  start() {
    const prompts = new NearDuplicates();
    const responses = new NearDuplicates();
    let usable = 0;
    return {
      observe({ row, observed }) {
        if (!observed) return;
        usable++;
        const { prompt, texts } = observed;
        const only = prompt.length === 1 ? prompt[0]!.content : prompt.map(({ content }) => content).join('\n\n');
        if (prompts.isNear(only, row)) prompts.tally.add(row);
        let near = false;
        for (const text of texts) if (responses.isNear(text, row)) near = true;
        if (near) responses.tally.add(row);
      },
      findings: () => [
        ...finding(
          'near-duplicate-prompts',
          'a prompt',
          prompts.tally,
          usable,
          'Keep them on one side of a split: a test on a near copy of a training prompt reads high.',
        ),
        ...finding(
          'near-duplicate-responses',
          'a response',
          responses.tally,
          usable,
          'Texts from a template teach the template: look whether so many are wanted.',
        ),
      ],
    };
  },
};

/** Equal texts are not near-duplicates here: several rows for one prompt are usual, and equal rows are another check's. */
class NearDuplicates {
  readonly tally = new RowTally();
  readonly #seen = new HashTable();
  readonly #similar = new SimilarTexts(THRESHOLD);
  readonly #hash = new TextHash();
  readonly #words = new WordHashes();
  readonly #minHash = new MinHash();

  isNear(text: string, row: number): boolean {
    const { low, high } = this.#hash.text(text).finish();
    if (this.#seen.add(low, high, 0) !== undefined) return false;
    const words = this.#words.read(text);
    if (words.length < FEWEST_WORDS) return false;
    return this.#similar.findOrAdd(this.#minHash.read(words), row) !== undefined;
  }
}

function finding(id: string, what: string, tally: RowTally, usable: number, hint: string): FoundRows[] {
  if (tally.count === 0) return [];
  const share = tally.count / usable;
  const message = `In ${counted(tally.count, 'row')} (${percent(share)}) ${what} is nearly that of an earlier row (estimated similarity of ${THRESHOLD} or more).`;
  return [{ id, severity: 'warning', count: tally.count, share, rows: tally.rows, message, hint }];
}
