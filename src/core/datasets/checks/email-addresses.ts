/** E-mail addresses in the text: counted, never shown. */

import { HOLDS } from '../known-texts.ts';
import { type CheckDeclaration, counted, percent } from './check.ts';
import { dropRows } from './fix.ts';
import { RowTally } from './row-set.ts';

/** The usual form, not every form that RFC 5322 allows. The part before `@` has at most 64 characters. */
const ADDRESS = /[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g;
/** Domains that are set aside for examples (RFC 2606). */
const FOR_EXAMPLES = /@(?:[A-Za-z0-9-]+\.)*(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$/i;

export const emailAddresses: CheckDeclaration = {
  id: 'email-addresses',
  title: 'E-mail addresses in the text',
  tier: 'structural',
  finds: { 'email-addresses': { title: 'E-mail addresses in the text', severity: 'warning' } },
  start() {
    const tally = new RowTally();
    const seen = { tally, addresses: 0, usable: 0 };
    return {
      seen,
      observe({ row, observed }) {
        if (!observed) return;
        seen.usable++;
        if (!observed.mayHoldAny(HOLDS.at)) return;
        let found = 0;
        for (const { content } of observed.messages) {
          if ((observed.mayHold(content) & HOLDS.at) !== 0) found += countAddresses(content);
        }
        seen.addresses += found;
        if (found > 0) tally.add(row);
      },
      findings() {
        if (tally.count === 0) return [];
        const share = tally.count / seen.usable;
        return [
          {
            id: 'email-addresses',
            severity: 'warning',
            count: tally.count,
            share,
            rows: tally.rows,
            message: `E-mail addresses: ${seen.addresses} in ${counted(tally.count, 'row')} (${percent(share)}).`,
            hint: 'Personal data may need a reason to be kept: replace the addresses, or leave these rows out.',
            fix: dropRows(tally.rows.size, 'Leave these rows out of the new file.'),
          },
        ];
      },
    };
  },
};

export function countAddresses(text: string): number {
  let count = 0;
  // Only what stands around an @ is looked at: the expression on a whole long text without one would be slow.
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    ADDRESS.lastIndex = 0;
    const around = text.slice(Math.max(0, at - 65), at + 255);
    const place = Math.min(at, 65);
    for (const match of around.matchAll(ADDRESS)) {
      const sign = match.index + match[0].indexOf('@');
      if (sign === place && !FOR_EXAMPLES.test(match[0])) count++;
    }
  }
  return count;
}
