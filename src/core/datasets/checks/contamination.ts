/** How much of a benchmark occurs in the training data: prompts of which 13 words in a row stand in a row, in any message. */

import type { Message } from '../records.ts';
import { type CheckContext, type CheckDeclaration, counted, percent } from './check.ts';
import { dropRows } from './fix.ts';
import { HashTable } from './hash-table.ts';
import type { ObservedItem } from './observed-record.ts';
import { promptsOf } from './other-dataset.ts';
import { RowSet, RowTally } from './row-set.ts';
import { hashPrompt, TextHash } from './text-hash.ts';
import { GRAM_WORDS, visitGrams } from './word-grams.ts';
import { WordHashes } from './words.ts';

/** A run of words in more prompts of the benchmark than this is its boilerplate, as GPT-3's authors took it. */
const MOST_PROMPTS = 10;
const ERROR_SHARE = 0.01;

export const contamination: CheckDeclaration = {
  id: 'contamination',
  title: 'Benchmark prompts in the training data',
  tier: 'text',
  seesEveryRow: true,
  finds: { contamination: { title: 'Benchmark prompts in the training data', severity: 'error' } },
  needs: { input: 'benchmark', hint: 'name the benchmark with --benchmark FILE' },
  async start(context) {
    const benchmark = await readBenchmark(context);
    const words = new WordHashes();
    const met = new RowSet();
    const tally = new RowTally();
    let usable = 0;
    let hit = false;
    const meet = (low: number, high: number) => {
      const gram = benchmark.grams.get(low, high);
      const prompts = gram === undefined ? undefined : benchmark.promptsOfGram[gram];
      if (!prompts || prompts.length > MOST_PROMPTS) return;
      hit = true;
      for (const prompt of prompts) met.add(prompt);
    };
    return {
      observe({ row, observed }: ObservedItem) {
        if (!observed) return;
        usable++;
        hit = false;
        for (const { content } of observed.messages) visitGrams(words.read(content), meet);
        if (hit) tally.add(row);
      },
      findings() {
        if (benchmark.prompts === 0) return [];
        const share = met.size / benchmark.prompts;
        const message = `${met.size} of ${benchmark.prompts} benchmark prompts (${percent(share)}) occur in ${counted(tally.count, 'row')}: ${GRAM_WORDS} words in a row, or the whole of a shorter one.`;
        if (met.size === 0) {
          return [{ id: 'contamination', severity: 'info', count: 0, share: 0, message }];
        }
        return [
          {
            id: 'contamination',
            severity: share >= ERROR_SHARE ? 'error' : 'warning',
            count: tally.count,
            share: tally.count / usable,
            rows: tally.rows,
            message,
            hint: 'A score on this benchmark reads high: leave these rows out.',
            fix: dropRows(tally.rows.size, 'Leave these rows out of the new file.'),
          },
        ];
      },
    };
  },
};

interface Benchmark {
  /** Different prompts. */
  readonly prompts: number;
  /** Run of words -> its place in `promptsOfGram`. */
  readonly grams: HashTable;
  /** The prompts that hold a run, each a number from 0 on; one more than `MOST_PROMPTS` at most. */
  readonly promptsOfGram: readonly (readonly number[])[];
}

async function readBenchmark(context: CheckContext): Promise<Benchmark> {
  const grams = new HashTable();
  const promptsOfGram: number[][] = [];
  const known = new HashTable();
  const hash = new TextHash();
  const words = new WordHashes();
  if (!context.benchmark) return { prompts: 0, grams, promptsOfGram };
  for await (const prompt of promptsOf(context.benchmark, context, 'reading the benchmark')) {
    const { low, high } = hashPrompt(prompt, hash);
    const number = known.size;
    if (prompt.length === 0 || known.add(low, high, 0) !== undefined) continue;
    for (const content of questionsOf(prompt)) {
      visitGrams(words.read(content), (gramLow, gramHigh) => {
        const place = grams.add(gramLow, gramHigh, promptsOfGram.length);
        if (place === undefined) {
          promptsOfGram.push([number]);
          return;
        }
        const prompts = promptsOfGram[place]!;
        if (prompts.length <= MOST_PROMPTS && prompts.at(-1) !== number) prompts.push(number);
      });
    }
  }
  return { prompts: known.size, grams, promptsOfGram };
}

/** What the user says: a system prompt is shared by many. */
function questionsOf(prompt: readonly Message[]): string[] {
  return prompt.flatMap(({ role, content }) => (role === 'user' ? [content] : []));
}
