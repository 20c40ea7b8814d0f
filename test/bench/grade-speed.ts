/**
 * Grading a file as a user meets it: the bundled command line as a process of its own, 100,000 rows of about 300 words each
 * side, an embedded model, JSON Lines and Parquet. Beside it the same responses scored one after the other in this thread.
 */

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { EmbeddedGrader } from '../../src/core/graders/embedded-grader.ts';
import { REPORT_MEMORY } from './convert-speed.ts';
import type { BenchRow } from './embedded-accuracy.ts';

const ROWS = 100_000;
const WORDS_IN_RESPONSE = 300;
const LEAST_SPEED = 5_000;
const MOST_MEMORY = 300;
const ALONE = 2_000;
const WORDS =
  'the a reset button holds five seconds then light turns green again if not call support with your number'.split(' ');

export async function gradeSpeedBench(root: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-bench-'));
  const cli = (args: readonly string[]) =>
    execa(process.execPath, ['--import', REPORT_MEMORY, path.join(root, 'dist', 'cli.mjs'), ...args], { cwd: folder });
  try {
    const trained = await cli([
      'train',
      path.join(root, 'examples', 'bradley-terry', 'train.parquet'),
      '--method',
      'bt',
      '--json',
    ]);
    const { model } = JSON.parse(trained.stdout) as { model: string };
    const file = path.resolve(folder, model);
    const alone = await scoredAlone(file);
    await pipeline(Readable.from(pairLines()), createWriteStream(path.join(folder, 'rows.jsonl')));
    await cli(['convert', 'rows.jsonl', '--to', 'bt', '--output-dir', 'parquet']);
    const figures: BenchRow[] = [];
    for (const [input, output] of [
      ['rows.jsonl', 'graded.jsonl'],
      ['parquet/data.parquet', 'graded.parquet'],
      ['rows.jsonl', 'graded-rows.parquet'],
    ] as const) {
      const { durationMs, stderr } = await cli(['grade', file, input, '--out', output]);
      const speed = (2 * ROWS) / (durationMs / 1000);
      const peak = Number(/peak-kb (\d+)/.exec(stderr)?.[1]) / 1000;
      figures.push(
        {
          what: `grade ${ROWS.toLocaleString('en')} pairs, ${path.extname(input).slice(1)} to ${path.extname(output).slice(1)}`,
          value: `${Math.round(speed).toLocaleString('en')} responses/s, ${(speed / alone).toFixed(2)} times one thread that only scores`,
          target: `>= ${LEAST_SPEED.toLocaleString('en')} responses/s`,
          met: speed >= LEAST_SPEED,
        },
        { what: '  memory', value: `${peak.toFixed(0)} MB`, target: `<= ${MOST_MEMORY} MB`, met: peak <= MOST_MEMORY },
      );
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Responses a second. */
async function scoredAlone(model: string): Promise<number> {
  const grader = await EmbeddedGrader.load(model, { name: 'bench', trainedAt: new Date(0).toISOString() });
  const texts = [...pairLines(ALONE / 2)].map(
    (line) => JSON.parse(line) as { prompt: string; chosen: string; rejected: string },
  );
  const grade = async ({ prompt, chosen, rejected }: (typeof texts)[number]) =>
    grader.grade({
      prompt: [{ role: 'user', content: prompt }],
      response: [{ role: 'assistant', content: chosen }],
      sibling: [{ role: 'assistant', content: rejected }],
    });
  for (const each of texts) await grade(each);
  const started = performance.now();
  for (const each of texts) await grade(each);
  return ALONE / ((performance.now() - started) / 1000);
}

/** Lines of pairs of about 300 words a side. */
export function* pairLines(count = ROWS): Generator<string> {
  let state = 42;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const text = (words: number) =>
    Array.from({ length: words }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
  for (let row = 0; row < count; row++) {
    yield `${JSON.stringify({ prompt: `${row} ${text(20)}`, chosen: text(WORDS_IN_RESPONSE), rejected: text(WORDS_IN_RESPONSE) })}\n`;
  }
}
