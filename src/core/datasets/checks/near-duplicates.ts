/** Prompts, and responses, that are nearly an earlier one of another row: Jaccard similarity of word 5-shingles from 0.8 on. */

import { type CheckDeclaration, counted, type FoundRows, percent } from './check.ts';
import { HashSet } from './hash-set.ts';
import { MinHash } from './min-hash.ts';
import { RowTally } from './row-set.ts';
import type { Mergeable } from './seen.ts';
import { type PackedTexts, SignedTexts, textsOf } from './signed-texts.ts';
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
  start({ gathers = false }) {
    const prompts = new NearDuplicates(gathers);
    const responses = new NearDuplicates(gathers);
    const seen = { prompts, responses, usable: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (!observed) return;
        const record = seen.usable++;
        const { prompt, texts } = observed;
        const only = prompt.length === 1 ? prompt[0]!.content : prompt.map(({ content }) => content).join('\n\n');
        prompts.read(only, row, record);
        for (const text of texts) responses.read(text, row, record);
      },
      findings: () => [
        ...finding(
          'near-duplicate-prompts',
          'a prompt',
          prompts.tally,
          seen.usable,
          'Keep them on one side of a split: a test on a near copy of a training prompt reads high.',
        ),
        ...finding(
          'near-duplicate-responses',
          'a response',
          responses.tally,
          seen.usable,
          'Texts from a template teach the template: look whether so many are wanted.',
        ),
      ],
    };
  },
};

/**
 * Equal texts are not near-duplicates here: several rows for one prompt are usual, and equal rows are another check's. Which
 * text is near an earlier one can only be said in the order of all rows; a thread that gathers leaves it to the one that joins.
 */
class NearDuplicates implements Mergeable<PackedTexts> {
  /** Records with a text that is nearly that of an earlier row. */
  readonly tally = new RowTally();
  readonly #gathered: SignedTexts | undefined;
  readonly #known = new HashSet();
  readonly #similar = new SimilarTexts(THRESHOLD);
  readonly #hash = new TextHash();
  readonly #words = new WordHashes();
  readonly #minHash = new MinHash();
  #lastRecord = -1;

  constructor(gathers: boolean) {
    this.#gathered = gathers ? new SignedTexts() : undefined;
  }

  /** @param record counts records, of which a row may hold several */
  read(text: string, row: number, record: number): void {
    const { low, high } = this.#hash.text(text).finish();
    if (!this.#known.add(low, high)) return;
    const words = this.#words.read(text);
    if (words.length < FEWEST_WORDS) return;
    const signature = this.#minHash.read(words);
    if (this.#gathered) this.#gathered.add({ low, high, row, record, signature });
    else this.#compare(signature, row, record);
  }

  pack(): PackedTexts {
    return (this.#gathered ?? new SignedTexts()).pack();
  }

  merge(packed: PackedTexts, firstRow: number): void {
    this.#lastRecord = -1;
    for (const { low, high, row, record, signature } of textsOf(packed)) {
      if (this.#known.add(low, high)) this.#compare(signature, firstRow + row, record);
    }
  }

  #compare(signature: Uint8Array, row: number, record: number): void {
    if (this.#similar.findOrAdd(signature, row) === undefined || record === this.#lastRecord) return;
    this.#lastRecord = record;
    this.tally.add(row);
  }
}

function finding(id: string, what: string, tally: RowTally, usable: number, hint: string): FoundRows[] {
  if (tally.count === 0) return [];
  const share = tally.count / usable;
  const message = `In ${counted(tally.count, 'row')} (${percent(share)}) ${what} is nearly that of an earlier row (estimated similarity of ${THRESHOLD} or more).`;
  return [{ id, severity: 'warning', count: tally.count, share, rows: tally.rows, message, hint }];
}
