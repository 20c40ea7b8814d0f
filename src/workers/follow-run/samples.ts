/** Samples of one evaluation step: read from the log when they are asked for, filtered, a page at a time. */

import { open } from 'node:fs/promises';
import { runEventParser } from '../../core/runs/event-parser.ts';
import type { Sample } from '../../core/runs/events.ts';
import { commonest, confusionOf, isDead, isSwapped, isUnparsed, isWrong, label } from '../../core/runs/sample-rates.ts';
import type {
  SampleFilter,
  SampleOutput,
  SampleRates,
  SampleRow,
  SamplesPage,
  SamplesRequest,
  Share,
} from '../../protocol/run-samples.ts';
import type { FollowedRun, SamplesPlace } from './followed-run.ts';
import { newestSamples } from './summary.ts';

/** The most characters of one prompt or output that leave the process. */
const TEXT_CHARS = 8_000;
const MOST_ROWS = 200;

const FILTERS: Readonly<Record<SampleFilter, (sample: Sample) => boolean>> = {
  all: () => true,
  wrong: isWrong,
  unparsed: isUnparsed,
  dead: isDead,
  swapped: (sample) => isSwapped(sample) === true,
};

/** Keeps the set that was asked for last: paging and filtering ask for it again and again. */
export class SamplesReader {
  #key = '';
  #samples: readonly Sample[] = [];

  async page(run: FollowedRun, request: SamplesRequest): Promise<SamplesPage> {
    const samples = await this.#read(run, request);
    const text = request.text.toLowerCase();
    const passing = samples.filter((sample) => FILTERS[request.filter](sample) && contains(sample, text));
    const count = Math.min(MOST_ROWS, request.count);
    return {
      matching: passing.length,
      rows: passing.slice(request.from, request.from + count).map(rowOf),
      rates: ratesOf(samples),
    };
  }

  async #read(run: FollowedRun, { step, set }: SamplesRequest): Promise<readonly Sample[]> {
    const places = newestSamples(run.samples).filter((place) => place.step === step && place.set === set);
    const key = JSON.stringify([run.folder.path, places]);
    if (key !== this.#key) {
      this.#samples = await readSamples(run.folder.eventsFile, places);
      this.#key = key;
    }
    return this.#samples;
  }
}

async function readSamples(file: string, places: readonly SamplesPlace[]): Promise<Sample[]> {
  const handle = await open(file, 'r');
  try {
    const samples: Sample[] = [];
    for (const { start, end } of places) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      const parsed = runEventParser.safeParse(JSON.parse(buffer.toString('utf8', 0, bytesRead)));
      if (parsed.success && parsed.data.kind === 'samples') samples.push(...parsed.data.samples);
    }
    return samples;
  } finally {
    await handle.close();
  }
}

const contains = ({ prompt, outputs }: Sample, text: string): boolean =>
  text === '' || [prompt, ...outputs.map((output) => output.text)].some((each) => each.toLowerCase().includes(text));

function rowOf(sample: Sample): SampleRow {
  const { row = null, slice = null, prompt, outputs, gold } = sample;
  const rewards = outputs.map(({ reward }) => reward).filter((reward) => reward !== null);
  return {
    row,
    slice,
    prompt: prompt.slice(0, TEXT_CHARS),
    promptChars: prompt.length,
    outputs: outputs.map(outputOf),
    gold: gold === null ? null : label(gold),
    reward: rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length,
    dead: isDead(sample),
    swapped: isSwapped(sample) === true,
  };
}

/** A verdict stands at the end of an output: of a long one the end is kept. */
function outputOf(output: Sample['outputs'][number]): SampleOutput {
  const { text, verdict, reward, order, tokens, cut = false } = output;
  return {
    text: text.slice(-TEXT_CHARS),
    chars: text.length,
    verdict: verdict === null ? null : label(verdict),
    reward,
    order: order ?? null,
    tokens: tokens ?? null,
    cut,
  };
}

export function ratesOf(samples: readonly Sample[]): SampleRates {
  const counts = Object.fromEntries(
    Object.entries(FILTERS).map(([name, passes]) => [name, samples.filter(passes).length]),
  ) as Record<SampleFilter, number>;
  const outputs = samples.flatMap((sample) => sample.outputs);
  const swaps = samples.map(isSwapped).filter((swapped) => swapped !== undefined);
  const groups = samples.filter((sample) => sample.outputs.filter(({ reward }) => reward !== null).length > 1);
  return {
    counts,
    confusion: confusionOf(samples),
    right: rightOf(samples),
    majority: majorityOf(samples),
    unparsed: { hits: outputs.filter(({ verdict }) => verdict === null).length, n: outputs.length },
    swapAgreement: { hits: swaps.filter((swapped) => !swapped).length, n: swaps.length },
    dead: { hits: groups.filter(isDead).length, n: groups.length },
    slices: slicesOf(samples),
  };
}

function rightOf(samples: readonly Sample[]): Share {
  const labelled = samples.filter(({ gold }) => gold !== null);
  const outcomes = labelled.flatMap(({ gold, outputs }) =>
    outputs.map(({ verdict }) => verdict !== null && label(verdict) === label(gold!)),
  );
  return { hits: outcomes.filter(Boolean).length, n: outcomes.length };
}

function majorityOf(samples: readonly Sample[]): SampleRates['majority'] {
  const golds = samples.flatMap(({ gold, outputs }) =>
    gold === null ? [] : outputs.map((output) => ({ ...output, verdict: gold })),
  );
  const answer = commonest(golds);
  if (answer === null) return null;
  return { label: answer, hits: golds.filter(({ verdict }) => label(verdict) === answer).length, n: golds.length };
}

/** The weakest first. */
function slicesOf(samples: readonly Sample[]): SampleRates['slices'] {
  const slices = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (sample.slice === undefined || sample.gold === null) continue;
    const members = slices.get(sample.slice);
    if (members) members.push(sample);
    else slices.set(sample.slice, [sample]);
  }
  return [...slices]
    .map(([value, members]) => ({ value, right: rightOf(members) }))
    .sort((a, b) => a.right.hits / a.right.n - b.right.hits / b.right.n);
}
