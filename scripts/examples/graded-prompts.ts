/** The source of the examples: prompts with four responses each, every response graded 0 (worst) to 4 (best). */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';

const message = z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string().min(1) });

const gradedPromptSchema = z.strictObject({
  id: z.string(),
  topic: z.string(),
  prompt: z.array(message).min(1),
  responses: z.array(z.strictObject({ score: z.number().int().min(0).max(4), text: z.string().min(1) })).length(4),
});

export type GradedPrompt = z.infer<typeof gradedPromptSchema>;

/** All prompts of a folder of JSON Lines files, in the order of their ids. */
export async function readGradedPrompts(folder: string): Promise<GradedPrompt[]> {
  const prompts: GradedPrompt[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).sort()) {
    const text = await readFile(path.join(folder, name), 'utf8');
    prompts.push(
      ...text
        .split('\n')
        .filter(Boolean)
        .map((line) => gradedPromptSchema.parse(JSON.parse(line))),
    );
  }
  return prompts.sort((a, b) => (a.id < b.id ? -1 : 1));
}
