/** Records that say the same thing twice, and records that contradict each other: what `convert` can leave out. */

import { createHash } from 'node:crypto';
import { completionText, promptKey, promptOf, responsesOf, type TrainingRecord } from './records.ts';

export type RepeatReason = 'duplicate' | 'contradictory-labels';

export interface RepeatRule {
  /** Of records that say the same of the same responses, the first stays. */
  readonly duplicates: boolean;
  /** Of records that judge the same responses differently, none stays: which one is right is not known. */
  readonly contradictions: boolean;
}

/** Collects what every record judges and how, as hashes; then says which records go. The order of two responses is no difference. */
export class Repeats {
  readonly #rule: RepeatRule;
  /** Subject -> the verdicts on it, in the order they came. */
  readonly #verdicts = new Map<string, string[]>();
  readonly #verdictsOf: string[][] = [];
  readonly #duplicate: boolean[] = [];

  constructor(rule: RepeatRule) {
    this.#rule = rule;
  }

  add(record: TrainingRecord): void {
    const { subject, verdict } = judge(record);
    const key = createHash('sha256').update(subject, 'utf8').digest('base64url').slice(0, 16);
    const verdicts = this.#verdicts.get(key) ?? [];
    if (verdicts.length === 0) this.#verdicts.set(key, verdicts);
    const known = verdicts.includes(verdict);
    if (!known) verdicts.push(verdict);
    this.#verdictsOf.push(verdicts);
    this.#duplicate.push(known);
  }

  /** Why a record goes, by its place in the order of `add`; undefined where it stays. */
  reason(index: number): RepeatReason | undefined {
    if (this.#rule.contradictions && (this.#verdictsOf[index]?.length ?? 0) > 1) return 'contradictory-labels';
    return this.#rule.duplicates && this.#duplicate[index] ? 'duplicate' : undefined;
  }
}

function judge(record: TrainingRecord): { subject: string; verdict: string } {
  const responses = responsesOf(record).map(completionText);
  const inOrder = responses.length < 2 || responses[0]! <= responses[1]!;
  const subject = [promptKey(promptOf(record)), ...(inOrder ? responses : [...responses].reverse())].join('\u0002');
  return { subject, verdict: verdictOf(record, inOrder) };
}

function verdictOf(record: TrainingRecord, inOrder: boolean): string {
  switch (record.kind) {
    case 'preference-pair':
      return inOrder ? 'first' : 'second';
    case 'compared-responses':
      if (record.preferred === 'tie') return 'tie';
      return (record.preferred === 'A') === inOrder ? 'first' : 'second';
    case 'scored-response':
      return String(record.score);
    case 'conversation':
      return '';
  }
}
