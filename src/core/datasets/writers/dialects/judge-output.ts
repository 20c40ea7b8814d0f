/** What is judged, as columns `input` and `output` with the label inside each answer: what judge trainers read. */

import type { ComparedResponses, ScoredResponse } from '../../records.ts';
import { MESSAGES, type OutputCell, type OutputColumn, type OutputType } from '../columns.ts';
import { onlyText } from './conversations.ts';

const columns = (label: Readonly<Record<string, OutputType>>): OutputColumn[] => [
  { name: 'input', type: MESSAGES },
  {
    name: 'output',
    type: { list: { struct: { answer: { struct: { role: 'string', content: 'string', label: { struct: label } } } } } },
  },
];

const answer = (content: string, label: OutputCell): OutputCell => ({ answer: { role: 'assistant', content, label } });

export const SCORED_OUTPUT: readonly OutputColumn[] = columns({ helpfulness: 'int' });

export function scoredOutput({ prompt, response, score }: ScoredResponse): OutputCell[] {
  return [prompt, [answer(onlyText(response), { helpfulness: score })]];
}

export const COMPARED_OUTPUT: readonly OutputColumn[] = columns({
  preference: 'string',
  preference_strength: 'double',
  response_id: 'string',
});

export function comparedOutput(record: ComparedResponses): OutputCell[] {
  const label = { preference: record.preferred, preference_strength: record.strength ?? null };
  return [
    record.prompt,
    [
      answer(onlyText(record.responseA), { ...label, response_id: 'A' }),
      answer(onlyText(record.responseB), { ...label, response_id: 'B' }),
    ],
  ];
}
