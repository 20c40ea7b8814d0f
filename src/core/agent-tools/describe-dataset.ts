/** `describe_dataset`: what a file is, without a word of what stands in it. */

import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { inspectDataset } from '../datasets/inspect.ts';
import { openDataset } from '../datasets/open.ts';
import { StudioError } from '../errors.ts';
import { agentTool } from './tool.ts';

const input = z.object({
  path: z
    .string()
    .min(1)
    .describe('A dataset inside the workspace, relative to its folder: Parquet, JSONL, JSON, CSV, Arrow, or a folder.'),
});

export const describeDataset = agentTool({
  name: 'describe_dataset',
  title: 'Describe Dataset',
  description:
    'Says what a dataset of the workspace is: rows, columns with their types, the shape of its rows (preference pairs, scored responses, comparisons, conversations) with the evidence, and which training methods it fits and why not the others. Answers no contents of cells.',
  input,
  async run({ path: asked }, { folder }, signal) {
    const file = await insideOf(folder, asked);
    const dataset = await openDataset(file, signal);
    try {
      const { files, parquet, ...rest } = await inspectDataset(dataset, { signal });
      return {
        ...rest,
        files: files.map((each) => ({ ...each, path: path.relative(folder, each.path) })),
        ...(parquet === undefined ? {} : { parquet }),
      };
    } finally {
      await dataset.close();
    }
  },
});

/** An agent names paths as a stranger does: those that lead out of the folder, also by links, are refused. */
async function insideOf(folder: string, asked: string): Promise<string> {
  const file = path.resolve(folder, asked);
  const [real, root] = await Promise.all([realpath(file).catch(() => undefined), realpath(folder)]);
  if (real === undefined) {
    throw new StudioError('file-not-found', 'There is no such file in the workspace.', {
      where: { file },
      hint: 'Name it relative to the folder of the workspace.',
    });
  }
  const way = path.relative(root, real);
  if (way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) {
    throw new StudioError('not-available', 'This file is outside of the workspace: agents are not shown it.', {
      where: { file },
      hint: 'Name a file inside of the workspace.',
    });
  }
  return real;
}
