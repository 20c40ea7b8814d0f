/** The evaluations that are kept in a run's folder: `evaluations/<id>.rmeval.json`, each whole or not at all. */

import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type StudioError, toStudioError } from '../errors.ts';
import type { Measure } from '../methods/evaluation.ts';
import { writeWhole } from '../write-whole.ts';
import { EVALUATION_ENDING, EVALUATIONS_FOLDER } from './evaluation-names.ts';
import { parseReport } from './parse-report.ts';
import type { EvaluationReport } from './report.ts';

/** An evaluation as lists show it. */
export interface KeptEvaluation {
  /** Path of the report. */
  readonly file: string;
  readonly createdAt: string;
  readonly grader: string;
  /** Path of the data. */
  readonly data: string;
  /** Of the data. */
  readonly fingerprint: string;
  readonly n: number;
  /** The first one. */
  readonly measure: Measure | undefined;
}

export const evaluationsFolder = (runFolder: string): string => path.join(runFolder, EVALUATIONS_FOLDER);

/** Keeps a report with a run, under an id of its own. @returns the path and the report with its id */
export async function keepReport(
  runFolder: string,
  report: EvaluationReport,
): Promise<{ readonly file: string; readonly report: EvaluationReport }> {
  const folder = evaluationsFolder(runFolder);
  const kept = { ...report, id: newId(report) };
  try {
    // Not recursive: a run that was deleted meanwhile does not come back as half a folder.
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const file = path.join(folder, `${kept.id}${EVALUATION_ENDING}`);
    await writeReport(file, kept);
    return { file, report: kept };
  } catch (error) {
    throw toStudioError(error) ?? error;
  }
}

/** Written beside its place and then renamed. */
export async function writeReport(file: string, report: EvaluationReport): Promise<void> {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.tmp`);
  await writeWhole(file, `${JSON.stringify(report, null, 1)}\n`, beside);
}

/** @throws StudioError 'file-not-found', 'damaged-file' or 'unsupported-file' */
export async function readReport(file: string): Promise<EvaluationReport> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw toStudioError(error) ?? error;
  });
  return parseReport(text, file);
}

/** Those of a run, newest first; what cannot be read is told apart. */
export async function listEvaluations(runFolder: string): Promise<{
  readonly evaluations: readonly KeptEvaluation[];
  readonly problems: readonly StudioError[];
}> {
  const evaluations: KeptEvaluation[] = [];
  const problems: StudioError[] = [];
  for (const file of await reportsOf(runFolder)) {
    try {
      evaluations.push(await keptEvaluation(file));
    } catch (error) {
      const known = toStudioError(error);
      if (!known) throw error;
      problems.push(known);
    }
  }
  evaluations.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  return { evaluations, problems };
}

/** Reports do not change: what was read once is not read again while size and time are the same. */
const read = new Map<string, { readonly key: string; readonly kept: KeptEvaluation }>();

async function keptEvaluation(file: string): Promise<KeptEvaluation> {
  const { size, mtimeMs } = await stat(file);
  const key = `${size} ${mtimeMs}`;
  const known = read.get(file);
  if (known?.key === key) return known.kept;
  const { created_at, grader, data, evaluation } = await readReport(file);
  const kept: KeptEvaluation = {
    file,
    createdAt: created_at,
    grader: grader.name,
    data: data.path,
    fingerprint: data.fingerprint,
    n: evaluation.n,
    measure: evaluation.measures[0],
  };
  read.set(file, { key, kept });
  return kept;
}

async function reportsOf(runFolder: string): Promise<string[]> {
  const folder = evaluationsFolder(runFolder);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith(EVALUATION_ENDING) && !name.startsWith('.'))
    .map((name) => path.join(folder, name));
}

/** Begins with the data, which tabs of editors show: `test-20260102-030405-1a2b`. */
function newId({ created_at, data }: EvaluationReport): string {
  const stamp = created_at.replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const name = path
    .basename(data.path)
    .toLowerCase()
    .replace(/\.[a-z]+$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return [name, stamp, randomBytes(2).toString('hex')].filter((part) => part !== '').join('-');
}
