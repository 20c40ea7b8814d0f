/** What a grading will cost, before anything is asked: from the texts of a sample of its rows. */

import type { Dataset } from '../datasets/dataset.ts';
import { responsesOf } from '../datasets/records.ts';
import { sampleRows } from '../datasets/sample.ts';
import type { GradableRecord } from '../graders/grade-record.ts';
import type { GradeRequest, Grader } from '../graders/grader.ts';
import type { GradedRows } from './graded-rows.ts';

/** Per million tokens. */
export interface Price {
  readonly input_per_million: number;
  readonly output_per_million: number;
  readonly currency: string;
}

export interface CostEstimate {
  readonly rows: number;
  /** Requests to the endpoint. */
  readonly questions: number;
  /** Of 4 characters each: tokenizers differ. */
  readonly inputTokens: number;
  /** At most; null where the grader has no limit. */
  readonly mostOutputTokens: number | null;
  /** At most, by the price of the grader; null where none is written, or the answers have no limit. */
  readonly most: { readonly amount: number; readonly currency: string } | null;
  /** Rows whose texts were counted. */
  readonly sampled: number;
}

const CHARACTERS_PER_TOKEN = 4;

/** Undefined for a grader that asks nobody. @param rows that are still to be graded */
export async function estimateCost(
  grader: Grader,
  dataset: Dataset,
  graded: GradedRows,
  options: { readonly rows: number; readonly price: Price | undefined; readonly signal?: AbortSignal | undefined },
): Promise<CostEstimate | undefined> {
  if (!grader.questions) return undefined;
  const { rows, price, signal } = options;
  const sample = await sampleRows(dataset, signal);
  let questions = 0;
  let characters = 0;
  let output: number | null = 0;
  for (const { cells } of sample) {
    for (const item of graded.items(graded.columns.map((column) => cells[column]))) {
      if (!('record' in item)) continue;
      for (const request of requestsOf(grader, item.record)) {
        for (const { text, mostTokens } of grader.questions(request)) {
          questions++;
          characters += text.length;
          output = output === null || mostTokens === undefined ? null : output + mostTokens;
        }
      }
    }
  }
  const scale = sample.length === 0 ? 0 : rows / sample.length;
  const inputTokens = Math.round((characters / CHARACTERS_PER_TOKEN) * scale);
  const mostOutputTokens = output === null ? null : Math.round(output * scale);
  return {
    rows,
    questions: Math.round(questions * scale),
    inputTokens,
    mostOutputTokens,
    most: price ? amountOf(price, inputTokens, mostOutputTokens) : null,
    sampled: sample.length,
  };
}

/** As `gradeRecord` asks. */
function requestsOf({ scale }: Grader, record: GradableRecord): GradeRequest[] {
  if (record.kind === 'response' || record.kind === 'scored-response') return [record];
  const { prompt } = record;
  const [a, b] = responsesOf(record);
  if (scale === 'score-0-4') return [a!, b!].map((response) => ({ prompt, response }));
  return [{ prompt, response: a!, sibling: b! }];
}

function amountOf(
  { input_per_million, output_per_million, currency }: Price,
  input: number,
  output: number | null,
): CostEstimate['most'] {
  if (output === null && output_per_million > 0) return null;
  return { amount: (input * input_per_million + (output ?? 0) * output_per_million) / 1e6, currency };
}

/** "about 1,204 questions, 351,000 tokens sent, at most 2,465,792 written: at most 1.23 USD". */
export function describeCost({ questions, inputTokens, mostOutputTokens, most }: CostEstimate): string {
  const number = (value: number) => value.toLocaleString('en');
  const written =
    mostOutputTokens === null ? 'no limit to what is written' : `at most ${number(mostOutputTokens)} written`;
  const amount = most ? `: at most ${amountText(most)}` : '';
  return `about ${number(questions)} questions, ${number(inputTokens)} tokens sent (4 characters each), ${written}${amount}`;
}

/** Not rounded down to nothing. */
export const amountText = ({ amount, currency }: { readonly amount: number; readonly currency: string }): string =>
  amount > 0 && amount < 0.01 ? `0.01 ${currency}` : `${amount.toFixed(2)} ${currency}`;
