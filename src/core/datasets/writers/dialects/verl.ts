/**
 * verl: `messages` for its SFT dataset, RL rows for its stock RLHFDataset. `prompt` is the judging task to roll out and
 * `reward_model.ground_truth` what the reward function compares with. `input` and `output` are what was judged, so that
 * nothing has to be parsed out of the prompt: a dataset class of one's own can make another task of them.
 */

import { MESSAGES, type OutputCell, type OutputColumn, type OutputType } from '../columns.ts';
import { onlyText, unfitForOneMessage } from './conversations.ts';
import type { Dialect, RowPlace } from './dialect.ts';
import { COMPARED_OUTPUT, comparedOutput, SCORED_OUTPUT, scoredOutput } from './judge-output.ts';
import { preferencePrompt, scorePrompt } from './judge-prompt.ts';
import { messageLayouts } from './own.ts';

const SOURCE = 'reward-studio';
const ABILITY = 'judge';
/** verl runs a reward function on the answer, rather than a reward model. */
const STYLE = 'rule';

function rlColumns(groundTruth: Readonly<Record<string, OutputType>>): OutputColumn[] {
  return [
    { name: 'data_source', type: 'string' },
    { name: 'prompt', type: MESSAGES },
    { name: 'ability', type: 'string' },
    { name: 'reward_model', type: { struct: { style: 'string', ground_truth: { struct: groundTruth } } } },
    { name: 'extra_info', type: { struct: { split: 'string', index: 'int' } } },
  ];
}

function rlCells(prompt: OutputCell, groundTruth: OutputCell, { part, index }: RowPlace): OutputCell[] {
  return [SOURCE, prompt, ABILITY, { style: STYLE, ground_truth: groundTruth }, { split: part, index }];
}

export const verl: Dialect = {
  id: 'verl',
  title: 'verl: messages for SFT, RL rows with reward_model.ground_truth for judges',
  layouts: {
    'bradley-terry':
      'verl rolls out prompts and has no rows of pairs (train a judge on them with --to pairwise, or use --dialect trl)',
    pointwise: {
      columns: [...rlColumns({ helpfulness: 'int', task_type: 'string' }), ...SCORED_OUTPUT],
      cells(record, place) {
        const prompt = scorePrompt(record.prompt, onlyText(record.response));
        const truth = { helpfulness: record.score, task_type: 'pointwise' };
        return [...rlCells(prompt, truth, place), ...scoredOutput(record)];
      },
      unfit: ({ response }) => unfitForOneMessage(response),
    },
    pairwise: {
      columns: [
        ...rlColumns({ preference: 'string', preference_strength: 'double', task_type: 'string' }),
        ...COMPARED_OUTPUT,
      ],
      cells(record, place) {
        const prompt = preferencePrompt(record.prompt, onlyText(record.responseA), onlyText(record.responseB));
        const truth = {
          preference: record.preferred,
          preference_strength: record.strength ?? null,
          task_type: 'pairwise',
        };
        return [...rlCells(prompt, truth, place), ...comparedOutput(record)];
      },
      unfit: ({ responseA, responseB }) => unfitForOneMessage(responseA, responseB),
    },
    sft: messageLayouts.sft,
  },
};
