import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/main.mjs';

interface Case {
  readonly prompt: readonly { readonly role: string; readonly content: string }[];
  readonly responses: readonly { readonly score: number; readonly text: string }[];
}

const SOURCE = path.join(root, 'examples', 'source');

/** Pairs of the examples' own source, each with the name of the file that it is from: most of their prompts are in the training file too. */
export function writeLabelledPairs(file: string): void {
  const cases = readdirSync(SOURCE).flatMap((name) =>
    readFileSync(path.join(SOURCE, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => ({ source: path.parse(name).name, ...(JSON.parse(line) as Case) })),
  );
  const turn = (content: string) => [{ role: 'assistant', content }];
  const lines = cases.flatMap(({ source, prompt, responses }) =>
    responses.flatMap((better) =>
      responses
        .filter((worse) => worse.score < better.score)
        .map((worse) => ({
          prompt,
          chosen: turn(better.text),
          rejected: turn(worse.text),
          margin: better.score - worse.score,
          source,
        })),
    ),
  );
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}
