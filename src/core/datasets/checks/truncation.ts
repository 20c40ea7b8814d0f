/** What `max_length` does to the rows: how many are cut, and how many pairs are then the same on both sides. */

import { type CheckDeclaration, counted, percent } from './check.ts';
import { dropRows } from './fix.ts';
import type { Observed } from './observed-record.ts';
import { RowTally } from './row-set.ts';
import type { Tokenizer } from './tokenizer.ts';

const MANY_CUT = 0.05;
const ERROR_SHARE = 0.5;
/** A token holds at least a byte of UTF-8, and a UTF-16 code unit takes three at most. */
const BYTES_PER_UNIT = 3;

export const truncation: CheckDeclaration = {
  id: 'truncation',
  title: 'Rows cut at max_length',
  tier: 'text',
  seesEveryRow: true,
  finds: {
    'rows-cut': { title: 'Rows cut at max_length', severity: 'warning' },
    'identical-after-truncation': { title: 'Pairs identical after truncation', severity: 'error' },
  },
  needs: { input: 'truncation', hint: "give --max-length N, and --tokenizer PATH for a model's own" },
  start({ truncation: given }) {
    const cut = new RowTally();
    const identical = new RowTally();
    let usable = 0;
    return {
      observe({ row, observed }) {
        if (!observed || !given) return;
        usable++;
        const { anyCut, same } = cutAt(observed, given.tokenizer, given.maxLength);
        if (anyCut) cut.add(row);
        if (same) identical.add(row);
      },
      findings() {
        if (!given || usable === 0) return [];
        const share = cut.count / usable;
        const identicalShare = identical.count / usable;
        const how = `${given.maxLength} tokens, counted as ${given.tokenizer.title}`;
        const many = share > MANY_CUT;
        return [
          {
            id: 'rows-cut',
            severity: many ? 'warning' : 'info',
            count: cut.count,
            share,
            rows: cut.rows,
            message: `Longer than ${how}: ${counted(cut.count, 'row')} (${percent(share)}), cut, or dropped by trainers that filter.`,
            ...(many && { hint: 'Raise max_length, or leave long rows out knowingly.' }),
          },
          ...(identical.count === 0
            ? []
            : [
                {
                  id: 'identical-after-truncation',
                  severity: identicalShare >= ERROR_SHARE ? ('error' as const) : ('warning' as const),
                  count: identical.count,
                  share: identicalShare,
                  rows: identical.rows,
                  message: `In ${counted(identical.count, 'row')} (${percent(identicalShare)}) both sides are the same once cut at ${how}.`,
                  hint: 'Their loss stays at ln 2 and nothing is learned from them: raise max_length or leave them out.',
                  fix: dropRows(identical.rows.size, 'Leave these rows out of the new file.'),
                },
              ]),
        ];
      },
    };
  },
};

/** The end of a sequence is cut off; the tokens of the chat template are not counted. */
function cutAt(
  observed: Observed,
  tokenizer: Tokenizer,
  maxLength: number,
): { readonly anyCut: boolean; readonly same: boolean } {
  const { prompt, texts } = observed;
  const most = Math.floor(maxLength / tokenizer.tokensPerUnit);
  const promptCharacters = prompt.reduce((sum, { content }) => sum + content.length, 0);
  const longest = promptCharacters + Math.max(...texts.map((text) => text.length));
  if (longest * BYTES_PER_UNIT <= most) return { anyCut: false, same: false };
  const promptUnits = prompt.reduce((sum, { content }) => sum + tokenizer.encode(content).length, 0);
  const encoded = texts.map((text) => tokenizer.encode(text));
  const anyCut = encoded.some((units) => promptUnits + units.length > most);
  const [first, second] = encoded;
  const same = anyCut && first !== undefined && second !== undefined && sameUpTo(first, second, most - promptUnits);
  return { anyCut, same };
}

function sameUpTo(first: ArrayLike<number>, second: ArrayLike<number>, most: number): boolean {
  const length = Math.max(0, Math.min(first.length, most));
  if (length !== Math.max(0, Math.min(second.length, most))) return false;
  for (let at = 0; at < length; at++) if (first[at] !== second[at]) return false;
  return true;
}
