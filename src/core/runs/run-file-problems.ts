/** Keys of a run file that mean nothing, with their places in its text: what an editor underlines. */

import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { ENGINES } from '../engines/known-engines.ts';
import { describeUnknownKey, type UnknownKey, unknownKeys } from './schema-issues.ts';
import { runFileSchema } from './spec.ts';

export interface RunFileProblem extends Pick<UnknownKey, 'key' | 'nearest'> {
  /** Of the key in the text, its quotes left out. */
  readonly offset: number;
  readonly message: string;
}

/** Empty for text that is no JSON: that is told by any editor of JSON. */
export function runFileProblems(text: string): RunFileProblem[] {
  const tree = parseTree(text);
  const value = jsonOf(text);
  if (!tree || value === undefined) return [];
  return [...unknownInFile(value), ...unknownSettings(value)].flatMap((unknown) => {
    const object = findNodeAtLocation(tree, [...unknown.path] as (string | number)[]);
    const property = object?.children?.findLast((child) => child.children?.[0]?.value === unknown.key);
    const name = property?.children?.[0];
    if (!name) return [];
    const { key, nearest } = unknown;
    return [{ key, nearest, offset: name.offset + 1, message: `${describeUnknownKey(unknown)}` }];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unknownInFile(value: unknown): UnknownKey[] {
  const { error } = runFileSchema.safeParse(value);
  return error ? unknownKeys(error, runFileSchema) : [];
}

function unknownSettings(value: unknown): UnknownKey[] {
  const { engine, method, settings } = (value ?? {}) as { engine?: unknown; method?: unknown; settings?: unknown };
  const named = runFileSchema.shape.engine.safeParse(engine);
  const trains = runFileSchema.shape.method.safeParse(method);
  const schema = named.success && trains.success ? ENGINES[named.data]?.settingsSchema(trains.data) : undefined;
  const error = schema?.safeParse(settings).error;
  if (!schema || !error) return [];
  return unknownKeys(error, schema).map((unknown) => ({ ...unknown, path: ['settings', ...unknown.path] }));
}
