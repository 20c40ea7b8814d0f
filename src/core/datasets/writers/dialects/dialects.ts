/** Every dialect that can be written. A new one is a file and a line here. */

import { StudioError } from '../../../errors.ts';
import { METHODS, type MethodId } from '../../../methods/method.ts';
import type { Dialect, Layout } from './dialect.ts';
import { json } from './json.ts';
import { judgeNow } from './judge-now.ts';
import { judgeSpec } from './judge-spec.ts';
import { llamaFactory } from './llama-factory.ts';
import { openrlhf } from './openrlhf.ts';
import { own } from './own.ts';
import { text } from './text.ts';
import { trl } from './trl.ts';
import { verl } from './verl.ts';

export const DIALECTS: readonly Dialect[] = [own, text, json, trl, openrlhf, llamaFactory, verl, judgeNow, judgeSpec];

export const DEFAULT_DIALECT = own.id;

/** @throws StudioError 'usage' */
export function findDialect(id: string): Dialect {
  const dialect = DIALECTS.find((known) => known.id === id);
  if (dialect) return dialect;
  throw new StudioError('usage', `There is no dialect "${id}".`, {
    hint: `Choose one of ${DIALECTS.map((known) => known.id).join(', ')}.`,
  });
}

/** @throws StudioError 'usage' where the dialect has no rows for the method */
export function layoutOf(dialect: Dialect, method: MethodId): Layout {
  const layout = dialect.layouts[method];
  if (typeof layout !== 'string') return layout as Layout;
  throw new StudioError('usage', `The dialect "${dialect.id}" has no rows for ${METHODS[method].title}: ${layout}.`, {
    hint: `${METHODS[method].title} can be written in ${dialectsOf(method).join(', ')}.`,
  });
}

function dialectsOf(method: MethodId): string[] {
  return DIALECTS.filter(({ layouts }) => typeof layouts[method] !== 'string').map(({ id }) => id);
}
