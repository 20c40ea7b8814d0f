/** `graders.json`: which graders a workspace has. Every mistake in it is told with its line; one does not hide the others. */

import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as z from 'zod';
import { secretsIn } from '../../datasets/checks/secrets.ts';
import { StudioError } from '../../errors.ts';
import { describeIssues, nearestName } from '../../runs/schema-issues.ts';
import { ENTRY_KINDS, ENTRY_SCHEMAS, type EntryKind, type GraderEntry } from './grader-entry.ts';

export const REGISTRY_VERSION = 1;

export interface RegistryContents {
  readonly graders: readonly GraderEntry[];
  /** Of what cannot be used, each with its place. */
  readonly problems: readonly StudioError[];
}

const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(REGISTRY_VERSION),
  graders: z.array(z.unknown()),
});

/** @param file how it is called in what is told */
export function parseRegistry(text: string, file: string): RegistryContents {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  const problem = (message: string, offset: number | undefined, field?: string) =>
    registryProblem(message, {
      file,
      ...(offset === undefined ? {} : { line: lineOf(text, offset) }),
      ...(field === undefined ? {} : { field }),
    });
  if (!tree || first) {
    const what = first ? readable(printParseErrorCode(first.error)) : 'it is empty';
    return { graders: [], problems: [problem(`This file is not JSON: ${what}.`, first?.offset)] };
  }
  const value: unknown = JSON.parse(text);
  const { data, error } = fileSchema.safeParse(value);
  if (error) {
    const [issue] = error.issues;
    const place = issue && nodeOf(tree, issue.path, issue);
    return { graders: [], problems: [problem(`${sentence(describeIssues(error, fileSchema))}`, place?.offset)] };
  }
  return collect(data.graders, (message, path, issue) => {
    const node = nodeOf(tree, ['graders', ...path], issue);
    return problem(message, node?.offset, ['graders', ...path].join('.'));
  });
}

/** Graders of the settings of VS Code. */
export function parseEntries(values: readonly unknown[], file: string): RegistryContents {
  return collect(values, (message, path) => registryProblem(message, { file, field: path.join('.') }));
}

type ProblemAt = (message: string, path: readonly PropertyKey[], issue?: z.core.$ZodIssue) => StudioError;

function collect(values: readonly unknown[], problemAt: ProblemAt): RegistryContents {
  const graders: GraderEntry[] = [];
  const problems: StudioError[] = [];
  for (const [index, value] of values.entries()) {
    const found = parseEntry(value, (message, path, issue) => problemAt(message, [index, ...path], issue));
    if (found instanceof StudioError) problems.push(found);
    else if (graders.some(({ name }) => name === found.name))
      problems.push(problemAt(`There is a grader "${found.name}" already.`, [index, 'name']));
    else graders.push(found);
  }
  return { graders, problems };
}

function parseEntry(value: unknown, problemAt: ProblemAt): GraderEntry | StudioError {
  const secret = literalKey(value);
  if (secret) {
    const message = `A key does not belong here: this looks like ${secret.what}.`;
    return problemAt(`${message} Give it a name in "key", and have this one revoked.`, secret.path);
  }
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !(ENTRY_KINDS as string[]).includes(kind)) {
    const near = typeof kind === 'string' ? nearestName(kind, ENTRY_KINDS) : undefined;
    const message = near
      ? `There is no kind "${kind}": did you mean "${near}"?`
      : `kind must be ${listed(ENTRY_KINDS)}.`;
    return problemAt(message, kind === undefined ? [] : ['kind']);
  }
  const schema = ENTRY_SCHEMAS[kind as EntryKind];
  const { data, error } = schema.safeParse(value);
  if (!error) return data;
  const [issue] = error.issues;
  return problemAt(sentence(describeIssues(error, schema)), issue?.path ?? [], issue);
}

/** Names that people give to keys; our own is the name of one. */
const KEY_FIELDS = /^(api[-_]?key|token|secret|password|authorization|bearer)$/i;

/** A key written where everybody can read it, by its field or by its form. */
function literalKey(
  value: unknown,
  path: readonly string[] = [],
): { what: string; path: readonly string[] } | undefined {
  if (typeof value === 'string') {
    const [kind] = secretsIn(value);
    if (kind !== undefined) return { what: `a secret (${kind})`, path };
    return KEY_FIELDS.test(path.at(-1) ?? '') && value !== '' ? { what: 'one', path } : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = literalKey(inner, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

const registryProblem = (message: string, where: StudioError['where']): StudioError =>
  new StudioError('invalid-grader', message, { where, hint: 'docs/graders.md has all fields.' });

const listed = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ');
const sentence = (text: string): string => `${/[.?!]$/.test(text) ? text : `${text}.`}`;
/** "CommaExpected" as words. */
const readable = (code: string): string => code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** What an issue is about in the text: an unknown key itself, else the value; where that is missing, what should have it. */
function nodeOf(tree: Node, path: readonly PropertyKey[], issue?: z.core.$ZodIssue): Node | undefined {
  const steps = [...path] as (string | number)[];
  for (let length = steps.length; length >= 0; length--) {
    const node = findNodeAtLocation(tree, steps.slice(0, length));
    if (!node) continue;
    const [unknown] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
    const property = node.children?.find((child) => unknown !== undefined && child.children?.[0]?.value === unknown);
    return property ?? node;
  }
  return undefined;
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
