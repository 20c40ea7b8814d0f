/** Lines of a JSONL file that are not rows. */

import type { CheckDeclaration } from './check.ts';

const LINES_NAMED = 10;

export const malformedLines: CheckDeclaration = {
  id: 'malformed-lines',
  title: 'Lines that cannot be read',
  tier: 'structural',
  finds: { 'malformed-lines': { title: 'Lines that cannot be read', severity: 'warning' } },
  start: () => ({
    seen: {},
    observe() {},
    findings({ malformed, rowCount }) {
      const [first] = malformed.first;
      if (!first) return [];
      const lines = malformed.first.slice(0, LINES_NAMED).map(({ line }) => line);
      return [
        {
          id: 'malformed-lines',
          severity: 'warning',
          count: malformed.count,
          share: malformed.count / (malformed.count + rowCount),
          message: `${malformed.count} lines cannot be read and are left out: first line ${first.line}, ${first.message}.`,
          hint: `Correct them in ${first.file}: lines ${lines.join(', ')}.`,
        },
      ];
    },
  }),
};
