/** Lines of a JSONL file that are not rows. */

import type { Dataset } from '../dataset.ts';
import type { Finding } from './check.ts';

export function malformedLines({ malformed, rowCount }: Pick<Dataset, 'malformed' | 'rowCount'>): Finding[] {
  const [first] = malformed.first;
  if (!first) return [];
  return [
    {
      id: 'malformed-lines',
      severity: 'warning',
      count: malformed.count,
      share: malformed.count / (malformed.count + rowCount),
      rows: [],
      message: `${malformed.count} lines cannot be read and are left out: first line ${first.line}, ${first.message}.`,
      hint: `Correct them in ${first.file}: lines ${malformed.first
        .slice(0, 10)
        .map(({ line }) => line)
        .join(', ')}.`,
    },
  ];
}
