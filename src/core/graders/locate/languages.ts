/** Which documents are read in which way: by VS Code's language identifiers, and by the names of files in a diff. */

import type { CodeLanguage } from './code/tree-of-code.ts';

export type DocumentFormat = 'json' | 'json-lines' | 'markdown' | 'plain-text' | 'diff' | CodeLanguage;

const OF_LANGUAGE: Readonly<Record<string, DocumentFormat>> = {
  json: 'json',
  jsonc: 'json',
  json5: 'json',
  jsonl: 'json-lines',
  jsonlines: 'json-lines',
  ndjson: 'json-lines',
  markdown: 'markdown',
  mdx: 'markdown',
  quarto: 'markdown',
  plaintext: 'plain-text',
  log: 'plain-text',
  diff: 'diff',
  patch: 'diff',
  python: 'python',
  javascript: 'javascript',
  javascriptreact: 'javascript-jsx',
  typescript: 'typescript',
  typescriptreact: 'typescript-jsx',
};

const OF_EXTENSION: Readonly<Record<string, DocumentFormat>> = {
  json: 'json',
  jsonc: 'json',
  json5: 'json',
  jsonl: 'json-lines',
  ndjson: 'json-lines',
  md: 'markdown',
  mdx: 'markdown',
  qmd: 'markdown',
  txt: 'plain-text',
  log: 'plain-text',
  py: 'python',
  js: 'javascript',
  cjs: 'javascript',
  mjs: 'javascript',
  jsx: 'javascript-jsx',
  ts: 'typescript',
  cts: 'typescript',
  mts: 'typescript',
  tsx: 'typescript-jsx',
};

/** Undefined where only what is selected can be graded. */
export const formatOfLanguage = (language: string): DocumentFormat | undefined => own(OF_LANGUAGE, language);

export function formatOfFile(name: string): DocumentFormat | undefined {
  return own(OF_EXTENSION, /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '');
}

const own = <Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;
