/** The grader that a person names for a whole file, with what a file needs to know of it. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import { openModel } from '../evaluations/open-model.ts';
import type { Grader } from '../graders/grader.ts';
import type { GraderHost } from '../graders/open-grader.ts';
import { whereOf } from '../graders/registry/describe-entry.ts';
import type { GraderEntry } from '../graders/registry/grader-entry.ts';
import { openRegistered, type RegistryHost } from '../graders/registry/open-registered.ts';
import type { RunStore } from '../runs/store.ts';
import type { Price } from './cost.ts';

export interface FileGrader {
  readonly grader: Grader;
  /** What is shown as its model. */
  readonly model: string;
  /** How it was named. */
  readonly askedFor: { readonly model: string | null; readonly grader: string | null };
  /** Of an embedded model, which threads open for themselves. */
  readonly embedded: { readonly file: string; readonly name: string; readonly trainedAt: string } | undefined;
  /** How many rows it is asked for at a time. */
  readonly concurrency: number;
  readonly price: Price | undefined;
}

/** Of a served model: enough that it always has a whole batch to compute. */
const SERVED_CONCURRENCY = 16;

/** Whoever opens it disposes of its grader. @param reference as `openModel` takes it */
export async function modelForGrading(reference: string, store: RunStore, host: GraderHost): Promise<FileGrader> {
  const { grader, model, trainedAt, concurrency } = await openModel(reference, store, host);
  return {
    grader,
    model,
    askedFor: { model: reference, grader: null },
    embedded: grader.kind === 'embedded' ? { file: model, name: grader.name, trainedAt } : undefined,
    concurrency,
    price: undefined,
  };
}

/** @throws StudioError as `openRegistered`, and for models of the editor, which are asked for one grade at a time */
export async function entryForGrading(entry: GraderEntry, host: RegistryHost): Promise<FileGrader> {
  if (entry.kind === 'editor-model') {
    throw new StudioError(
      'not-available',
      `"${entry.name}" is a model of the editor: you agree to each of its grades.`,
      {
        hint: 'Grade a whole file with a trained model or an endpoint.',
      },
    );
  }
  const grader = await openRegistered(entry, host);
  const shared = { grader, model: whereOf(entry), askedFor: { model: null, grader: entry.name } };
  if (entry.kind === 'embedded') {
    const file = path.resolve(host.folder ?? '', entry.model);
    const { mtime } = await stat(file);
    const embedded = { file, name: entry.name, trainedAt: mtime.toISOString() };
    return { ...shared, embedded, concurrency: 1, price: undefined };
  }
  if (entry.kind === 'local-model') {
    return { ...shared, embedded: undefined, concurrency: SERVED_CONCURRENCY, price: undefined };
  }
  return { ...shared, embedded: undefined, concurrency: entry.limits.concurrency, price: entry.price };
}
