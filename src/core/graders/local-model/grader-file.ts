/** `grader.json` of a model folder: what the model is, so that whoever serves or asks it needs no other word. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import { judgePromptSchema } from '../../methods/judges/judge-prompt.ts';
import { METHOD_IDS } from '../../methods/method.ts';
import { describeIssues } from '../../runs/schema-issues.ts';

export const GRADER_FILE = 'grader.json';

/** What grading needs of it; docs/training.md lists all of its fields. */
const graderFileSchema = z.object({
  version: z.literal(1),
  kind: z.enum(['reward', 'judge', 'chat']),
  method: z.enum(METHOD_IDS),
  scale: z.enum(['logit-within-prompt', 'score-0-4', 'preference-a-b-tie']).nullable(),
  judge: judgePromptSchema
    .extend({
      thinking: z.enum(['template', 'prompt', 'none']),
      max_completion_length: z.number().int().min(1),
    })
    .nullish(),
  /** Of reward heads: 101 quantiles each, of the scores of training responses and of the differences of pairs. */
  scores: z
    .object({
      quantiles: z.array(z.number()).length(101),
      margins: z.array(z.number()).length(101).nullish(),
    })
    .nullish(),
});

export type GraderFile = z.infer<typeof graderFileSchema>;

/** @throws StudioError 'invalid-model' where the folder holds no grader */
export async function readGraderFile(folder: string): Promise<GraderFile> {
  const file = path.join(folder, GRADER_FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StudioError('invalid-model', 'This folder is no grader: it has no grader.json.', {
      where: { file: folder },
      hint: 'Name the model folder of a finished run.',
      cause,
    });
  });
  const invalid = (what: string, cause: unknown) =>
    new StudioError('invalid-model', `This grader.json cannot be used: ${what}.`, {
      where: { file },
      hint: 'It may be of a newer version, or damaged: train the model again.',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
  const { data, error } = graderFileSchema.safeParse(value);
  if (error) throw invalid(describeIssues(error, graderFileSchema), error);
  if (data.kind === 'chat' || data.scale === null)
    throw invalid('a model of SFT answers, it does not grade', undefined);
  if (data.kind === 'judge' && !data.judge) throw invalid('it has no prompt of its judge', undefined);
  return data;
}
