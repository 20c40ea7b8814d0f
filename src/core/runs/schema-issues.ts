/** What a schema finds wrong, in words: every violation with its place, an unknown key with the known one it resembles. */

import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod';

/** One key that a strict object does not have. */
export interface UnknownKey {
  /** Of the object that has it. */
  readonly path: readonly PropertyKey[];
  readonly key: string;
  /** The known key that it is closest to, where one is close. */
  readonly nearest: string | undefined;
  readonly known: readonly string[];
}

/** Every violation as `path: message`, in one line. @param schema what was violated: names the keys there are */
export function describeIssues(error: z.ZodError, schema: z.ZodType): string {
  const known = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownKeysOf(issue, schema).map(describeUnknownKey) : [describeIssue(issue)],
  );
  return known.join('; ');
}

/** The keys of a value that its schema does not know. */
export function unknownKeys(error: z.ZodError, schema: z.ZodType): UnknownKey[] {
  return error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? unknownKeysOf(issue, schema) : []));
}

export function describeUnknownKey({ path, key, nearest, known }: UnknownKey): string {
  const head = `"${[...path, key].join('.')}" is not known`;
  return nearest === undefined ? `${head}: there are ${known.join(', ')}` : `${head}: did you mean "${nearest}"?`;
}

/** The name that a mistyped one was probably meant to be. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(name, known as string[]);
  return distance(name, near) <= Math.max(2, Math.floor(name.length / 3)) ? near : undefined;
}

function unknownKeysOf(issue: z.core.$ZodIssueUnrecognizedKeys, schema: z.ZodType): UnknownKey[] {
  const known = keysAt(schema, issue.path);
  return issue.keys.map((key) => ({ path: issue.path, key, nearest: nearestName(key, known), known }));
}

const describeIssue = (issue: z.core.$ZodIssue): string =>
  issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const step of path) {
    at = unwrapped(at);
    if (!(at instanceof z.ZodObject)) return [];
    at = at.shape[String(step)];
  }
  at = unwrapped(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodPrefault) at = at.unwrap();
  return at;
}
