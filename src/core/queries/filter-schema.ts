/** A filter as it comes from outside, checked: what passes is a `Filter`. */

import * as z from 'zod';
import { StudioError } from '../errors.ts';
import type { Filter } from './questions.ts';

/** Groups inside groups; a page builds two. */
const DEEPEST = 20;

const column = z.int().nonnegative();
const operator = z.enum(['=', '!=', '<', '<=', '>', '>=']);
const value = z.union([z.string(), z.number(), z.boolean()]);
const caseSensitive = z.boolean().optional();

const CONDITIONS = [
  z.strictObject({ kind: z.literal('compare'), column, operator, value }),
  z.strictObject({
    kind: z.enum(['contains', 'not-contains', 'starts-with']),
    column,
    text: z.string(),
    caseSensitive,
  }),
  z.strictObject({ kind: z.literal('matches'), column, pattern: z.string(), caseSensitive }),
  z.strictObject({ kind: z.enum(['is-null', 'is-not-null', 'is-empty', 'is-not-empty']), column }),
  z.strictObject({ kind: z.literal('in'), column, values: z.array(value) }),
  z.strictObject({ kind: z.literal('length'), column, operator, value: z.int() }),
  z.strictObject({ kind: z.literal('columns'), column, operator, other: column }),
] as const;

const filterSchema: z.ZodType<Filter> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    ...CONDITIONS,
    z.strictObject({ kind: z.enum(['all', 'any']), of: z.array(filterSchema) }),
  ]),
) as z.ZodType<Filter>;

/** @throws StudioError 'usage' that says where the filter is wrong */
export function parseFilter(filter: unknown): Filter {
  if (depthOf(filter) > DEEPEST)
    throw new StudioError('usage', `A filter has at most ${DEEPEST} groups inside another.`);
  const parsed = filterSchema.safeParse(filter);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new StudioError('usage', `The filter is not valid${place}: ${issue?.message ?? 'unknown'}.`);
}

function depthOf(filter: unknown): number {
  let depth = 0;
  for (let level = [filter]; level.length > 0 && depth <= DEEPEST; depth++) {
    level = level.flatMap((node) => {
      const inner = typeof node === 'object' && node !== null ? (node as { of?: unknown }).of : undefined;
      return Array.isArray(inner) ? inner : [];
    });
  }
  return depth;
}
