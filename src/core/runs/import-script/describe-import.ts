/** The report of an import in words. */

import { ENGINES } from '../../engines/known-engines.ts';
import type { ImportedOption, ImportReport } from './import-script.ts';

/** What became of an option: `used as data.train`, `ignored: ...`. */
export function describeOutcome({ outcome, field, reason }: ImportedOption): string {
  switch (outcome) {
    case 'used':
      return `used as ${field}`;
    case 'renamed':
      return `renamed: ${field}`;
    case 'kept':
      return 'kept in settings';
    default:
      return `${outcome}: ${reason}`;
  }
}

const OUTCOMES = ['used', 'renamed', 'kept', 'ignored', 'unresolved'] as const;

/** `61 options: 5 used, 3 renamed, 48 kept, 4 ignored, 1 unresolved`; outcomes of no option are left out. */
export function countOutcomes({ options }: Pick<ImportReport, 'options'>): string {
  const counts = OUTCOMES.map((outcome) => ({
    outcome,
    count: options.filter((option) => option.outcome === outcome).length,
  }));
  const parts = counts.filter(({ count }) => count > 0).map(({ outcome, count }) => `${count} ${outcome}`);
  return `${options.length} ${options.length === 1 ? 'option' : 'options'}: ${parts.join(', ') || 'none'}`;
}

/** A value on one line of a table. */
export function shortValue(value: string, longest = 48): string {
  const line = value.replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** The engine, and what else there is to choose. */
export function describeEngine({ engine, method }: Pick<ImportReport, 'engine' | 'method'>): string {
  if (engine === 'embedded') return 'embedded, which trains a linear baseline here; --engine verl keeps all options';
  if (ENGINES.verl) return 'verl';
  const other = ENGINES.embedded?.methods.includes(method) ? '; --engine embedded trains a linear baseline here' : '';
  return `verl, which this version cannot start yet${other}`;
}
