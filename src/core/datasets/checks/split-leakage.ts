/** Prompts that occur in the other file of a split too: then the test measures what was learned by heart. */

import { type CheckDeclaration, counted, percent } from './check.ts';
import { dropRows } from './fix.ts';
import { HashTable } from './hash-table.ts';
import { promptsOf } from './other-dataset.ts';
import { RowHashes } from './row-hashes.ts';
import { RowTally } from './row-set.ts';
import { hashPrompt, TextHash } from './text-hash.ts';

export const splitLeakage: CheckDeclaration = {
  id: 'split-leakage',
  title: 'Prompts on both sides of the split',
  tier: 'structural',
  finds: { 'split-leakage': { title: 'Prompts on both sides of the split', severity: 'error' } },
  needs: { input: 'against', hint: 'name the other file of the split with --against FILE' },
  async start(context) {
    const { against } = context;
    const others = new HashTable();
    const hash = new TextHash();
    if (against) {
      for await (const prompt of promptsOf(against, context, 'reading the other side of the split')) {
        if (prompt.length === 0) continue;
        hashPrompt(prompt, hash);
        others.add(hash.low, hash.high, 0);
      }
    }
    const prompts = new RowHashes();
    const seen = { prompts, usable: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (!observed) return;
        seen.usable++;
        if (observed.prompt.length > 0) prompts.add(observed.promptLow, observed.promptHigh, row);
      },
      findings() {
        const shared = new HashTable();
        const tally = new RowTally();
        prompts.forEach((low, high, row) => {
          if (others.get(low, high) === undefined) return;
          shared.add(low, high, 0);
          tally.add(row);
        });
        if (tally.count === 0) return [];
        const share = tally.count / seen.usable;
        return [
          {
            id: 'split-leakage',
            severity: 'error',
            count: tally.count,
            share,
            rows: tally.rows,
            message: `On both sides: ${counted(shared.size, 'prompt')} in ${counted(tally.count, 'row')} (${percent(share)}), also in ${against?.dataset.name}. A test reads high.`,
            hint: 'Split by prompt, or leave these rows out of one side.',
            fix: dropRows(tally.rows.size, 'Leave these rows out of the new file.'),
          },
        ];
      },
    };
  },
};
