import type { Command } from 'commander';
import { type Explanation, explainScore } from '../../core/graders/explain/explain-score.ts';
import { gradeLine } from '../../core/graders/grade-card.ts';
import { formatNumber } from '../../core/methods/describe-evaluation.ts';
import { interruptSignal, withPythonOption } from '../arguments.ts';
import { asPrompt, asResponse, type GraderOption, givenTexts, openedText, openOne } from '../given-texts.ts';
import { alignColumns, ProgressLine, printJson, printLines } from '../output.ts';

interface ExplainOptions extends GraderOption {
  readonly prompt: string;
  readonly response: string;
  readonly sibling?: string;
  readonly json?: boolean;
}

/** Questions at a time; an endpoint has a limit of its own besides. */
const CONCURRENCY = 4;

export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('say which sentences of a response its score comes from: each is left out in turn')
    .argument('[model]', 'model file or folder, run folder, run id or run name; left out with --grader')
    .option('--grader <name>', 'a grader of this folder in place of a model (see "graders list")')
    .requiredOption('--prompt <text>', 'the prompt')
    .requiredOption('--response <text>', 'the response, or - for standard input')
    .option('--sibling <text>', 'another response to the prompt, for graders that compare')
    .option('--json', 'print as JSON');
  withPythonOption(command).action(explain);
}

async function explain(reference: string | undefined, options: ExplainOptions): Promise<void> {
  const { prompt, response, sibling, json } = options;
  const [text, other] = await givenTexts(sibling === undefined ? [response] : [response, sibling]);
  const opened = await openOne(reference, options);
  const { grader, model } = opened;
  const progress = new ProgressLine();
  try {
    const explained = await explainScore(
      grader,
      {
        prompt: asPrompt(prompt),
        response: asResponse(text!),
        ...(other === undefined ? {} : { sibling: asResponse(other) }),
      },
      {
        signal: interruptSignal(),
        concurrency: grader.instant ? 1 : CONCURRENCY,
        onProgress: (done, all) => progress.show(`sentence ${done} of ${all}`),
      },
    );
    progress.clear();
    if (json) printJson({ ...(model ? { model } : { grader: grader.name }), ...explained });
    else printLines([openedText(opened, explained.grade.provenance.model), ...describe(explained)]);
  } finally {
    progress.clear();
    grader.dispose();
  }
}

function describe({ grade, of, value, sentences }: Explanation): string[] {
  const rows = sentences.map(({ contribution, text }) => [
    contribution === null ? 'all of it' : `${contribution < 0 ? '' : '+'}${formatNumber(contribution)}`,
    text.trim().replaceAll(/\s+/g, ' '),
  ]);
  return [
    gradeLine(grade),
    `${of} ${formatNumber(value)}; each sentence by how much lower the ${of} is without it (they need not add up)`,
    ...alignColumns(rows),
  ];
}
