/** What a check is: it sees every record once, keeps counts and hashes but no texts, and says what it found. */

import { createHash } from 'node:crypto';
import type { MethodId } from '../../methods/method.ts';
import type { ReadRecord } from '../read-records.ts';
import { completionText, type Message, promptKey, type TrainingRecord } from '../records.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  /** Rows (or records) concerned. */
  readonly count: number;
  /** Of all records the check looked at, 0 to 1. */
  readonly share: number;
  /** The first of them, at most 10, zero-based. */
  readonly rows: readonly number[];
  readonly message: string;
  readonly hint?: string;
}

export interface Check {
  observe(item: ReadRecord): void;
  findings(): Finding[];
}

/** Undefined where a check says nothing about a method. */
export type CheckFactory = (method: MethodId) => Check | undefined;

const ROWS_KEPT = 10;

/** Counts rows and keeps the first. */
export class RowTally {
  count = 0;
  readonly rows: number[] = [];

  add(row: number): void {
    this.count++;
    if (this.rows.length < ROWS_KEPT) this.rows.push(row);
  }
}

/** 64 bits: among ten million texts, two different ones collide with a probability of about 3 in a million. */
export function hash64(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 11);
}

/** The responses of a record, in the order of its columns. */
export function responsesOf(record: TrainingRecord): readonly (readonly Message[])[] {
  switch (record.kind) {
    case 'preference-pair':
      return [record.chosen, record.rejected];
    case 'compared-responses':
      return [record.responseA, record.responseB];
    case 'scored-response':
      return [record.response];
    case 'conversation':
      return [record.messages.slice(-1)];
  }
}

export function promptHash(record: TrainingRecord): string {
  const prompt = record.kind === 'conversation' ? record.messages.slice(0, -1) : record.prompt;
  return hash64(promptKey(prompt));
}

/** The better and the worse response, or undefined for a tie and for records that compare nothing. */
export function rankedTexts(record: TrainingRecord): { better: string; worse: string } | undefined {
  if (record.kind === 'preference-pair') {
    return { better: completionText(record.chosen), worse: completionText(record.rejected) };
  }
  if (record.kind !== 'compared-responses' || record.preferred === 'tie') return undefined;
  const texts = [completionText(record.responseA), completionText(record.responseB)] as const;
  return record.preferred === 'A' ? { better: texts[0], worse: texts[1] } : { better: texts[1], worse: texts[0] };
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}
