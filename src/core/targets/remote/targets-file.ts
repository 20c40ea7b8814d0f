/** How the targets of a workspace are set up: `.reward-studio/targets.json`, by the names that run files use. */

import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import { describeIssues } from '../../runs/schema-issues.ts';
import { hideStore, STORE_FOLDER } from '../../runs/store.ts';
import { writeWhole } from '../../write-whole.ts';
import type { TargetSetup } from './remote-target.ts';

const word = z.string().regex(/^[^\0\n]+$/, 'must not be empty and have no line feed');

export const targetSetupSchema = z.strictObject({
  python: word.optional().describe('the Python interpreter there'),
  folder: word.optional().describe('the folder there that holds packages, data and runs'),
});

const NAME_FORM = /^ssh:.+$/;

export const targetsFileSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1).default(1),
  targets: z.record(z.string(), targetSetupSchema).superRefine((targets, context) => {
    for (const name of Object.keys(targets).filter((each) => !NAME_FORM.test(each))) {
      context.addIssue({ code: 'custom', path: [name], message: 'is no name of a target: write ssh:HOST' });
    }
  }),
});

export type TargetsFile = z.infer<typeof targetsFileSchema>;

export const targetsFilePath = (base: string): string => path.join(base, STORE_FOLDER, 'targets.json');

/**
 * @param base the workspace folder
 * @throws StudioError 'usage' for a file that is not valid
 */
export async function readTargets(base: string): Promise<Readonly<Record<string, TargetSetup>>> {
  const file = targetsFilePath(base);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return {};
  const refused = (what: string, cause?: unknown) =>
    new StudioError('usage', `The list of targets ${what}.`, {
      where: { file },
      hint: 'Correct what is named, or delete the file and add the targets again.',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(`is not JSON: ${(error as Error).message}`, error);
  }
  const parsed = targetsFileSchema.safeParse(value);
  if (!parsed.success) throw refused(`is not valid: ${describeIssues(parsed.error, targetsFileSchema)}`);
  return parsed.data.targets;
}

/** Adds a target, or sets one up anew; `undefined` takes it from the list. */
export async function writeTarget(base: string, name: string, setup: TargetSetup | undefined): Promise<void> {
  const { [name]: _, ...others } = await readTargets(base);
  const targets = setup === undefined ? others : { ...others, [name]: setup };
  const file = targetsFilePath(base);
  await mkdir(path.dirname(file), { recursive: true });
  await hideStore(path.dirname(file));
  await writeWhole(
    file,
    `${JSON.stringify({ version: 1, targets }, null, 2)}\n`,
    `${file}.${randomBytes(4).toString('hex')}`,
  );
}

/** For editors: made of the schema that the parser uses. Draft 7, which VS Code's own JSON support reads. */
export function targetsJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { properties, ...schema } = z.toJSONSchema(targetsFileSchema, { target: 'draft-7', io: 'input' });
  return {
    ...schema,
    title: 'Targets of Reward Studio',
    description: 'Machines that trainings are started on: see docs/clusters.md.',
    properties: {
      ...properties,
      targets: { ...(properties?.targets as object), propertyNames: { pattern: NAME_FORM.source } },
    },
  };
}
