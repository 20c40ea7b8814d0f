/** Which implementation grades with a model: the kinds of graders, and how a model of each is known and opened. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { EmbeddedGrader } from './embedded-grader.ts';
import type { Grader } from './grader.ts';
import { GRADER_FILE, readGraderFile } from './local-model/grader-file.ts';
import { LocalModelGrader } from './local-model/local-model-grader.ts';
import { ServedModel, type ServeOptions } from './local-model/served-model.ts';
import type { ModelReference } from './model-reference.ts';

/** What graders need of whoever opens them. */
export interface GraderHost {
  readonly runtime: Runtime;
  /** How models that have to be served are. */
  readonly serve: ServeOptions;
}

interface KindOfGrader {
  /** Whether the model of this path is of this kind. */
  readonly isIts: (model: string) => Promise<boolean>;
  readonly open: (model: ModelReference, host: GraderHost) => Promise<Grader>;
}

const KINDS: Readonly<Record<'embedded' | 'local-model', KindOfGrader>> = {
  embedded: {
    isIts: async (model) => (await stat(model)).isFile(),
    open: ({ file, ...about }) => EmbeddedGrader.load(file, about),
  },
  'local-model': {
    isIts: (model) =>
      stat(path.join(model, GRADER_FILE)).then(
        (found) => found.isFile(),
        () => false,
      ),
    open: async ({ file: folder, ...about }, { runtime, serve }) =>
      new LocalModelGrader(folder, await readGraderFile(folder), new ServedModel(folder, runtime, serve), about),
  },
};

/** @throws StudioError 'invalid-model' for a model of no kind, or a damaged one */
export async function openGrader(model: ModelReference, host: GraderHost): Promise<Grader> {
  for (const kind of Object.values(KINDS)) {
    if (await kind.isIts(model.file)) return kind.open(model, host);
  }
  throw new StudioError(
    'invalid-model',
    'This model cannot grade: it is neither an embedded model nor a model folder.',
    {
      where: { file: model.file },
      hint: `A model folder of a finished run has ${GRADER_FILE}.`,
    },
  );
}
