import type { Command } from 'commander';
import { StudioError } from '../../core/errors.ts';
import { describeVerdict, pairVerdict, type Ranking, rankResponses } from '../../core/graders/rank-responses.ts';
import { SCALE_TITLES } from '../../core/graders/registry/describe-entry.ts';
import { formatNumber } from '../../core/methods/describe-evaluation.ts';
import { interruptSignal, withPythonOption } from '../arguments.ts';
import {
  asPrompt,
  asResponse,
  collectText,
  type GraderOption,
  givenTexts,
  openedText,
  openOne,
} from '../given-texts.ts';
import { alignColumns, printJson, printLines } from '../output.ts';

interface CompareOptions extends GraderOption {
  readonly prompt: string;
  readonly response: readonly string[];
  readonly json?: boolean;
}

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('compare two responses to a prompt (A, B or tie), or rank several')
    .argument('[model]', 'model file or folder, run folder, run id or run name; left out with --grader')
    .option('--grader <name>', 'a grader of this folder in place of a model (see "graders list")')
    .requiredOption('--prompt <text>', 'the prompt')
    .requiredOption('--response <text>', 'a response, or - for standard input; twice or more', collectText)
    .option('--json', 'print as JSON');
  withPythonOption(command).action(compare);
}

async function compare(reference: string | undefined, options: CompareOptions): Promise<void> {
  const { prompt, response, json } = options;
  if (response.length < 2) {
    throw new StudioError('usage', 'Only one response is given.', { hint: 'Repeat --response for each.' });
  }
  const responses = (await givenTexts(response)).map(asResponse);
  const opened = await openOne(reference, options);
  const { grader, model } = opened;
  const signal = interruptSignal();
  const named = model ? { model } : { grader: grader.name };
  try {
    if (responses.length > 2) {
      const ranking = await rankResponses(grader, asPrompt(prompt), responses, signal);
      if (json) printJson({ ...named, ...ranking });
      else printLines([openedText(opened, ranking.grades[0]!.provenance.model), ...describeRanking(ranking, response)]);
      return;
    }
    const [a, b] = responses;
    const compared = await pairVerdict(grader, asPrompt(prompt), a!, b!, signal);
    const [first] = compared.grades;
    if (json) printJson({ ...named, ...compared });
    else {
      printLines([
        openedText(opened, first!.provenance.model),
        describeVerdict(compared),
        ...(first!.notes ?? []).map((note) => `note: ${note}`),
      ]);
    }
  } finally {
    grader.dispose();
  }
}

function describeRanking({ by, ranked, circle, grades }: Ranking, texts: readonly string[]): string[] {
  const unit = by === 'wins' ? 'wins, a tie counts one half' : SCALE_TITLES[grades[0]!.scale];
  const rows = ranked.map(({ index, rank, score }) => [
    String(rank),
    `response ${index + 1}`,
    formatNumber(score, by === 'wins' ? 1 : 2),
    texts[index]!.replaceAll(/\s+/g, ' ').slice(0, 60),
  ]);
  return [
    ...alignColumns([['rank', 'which', unit, 'text'], ...rows]),
    ...(circle
      ? [
          `note: responses ${circle.map((index) => index + 1).join(', ')} beat each other in a circle: no order says it all`,
        ]
      : []),
  ];
}
