/** A record as a person reads it: what was asked, the answers with which is the better one, and the label in words. */

import type { Message, TrainingRecord } from './records.ts';

export interface Answer {
  /** `chosen`, `rejected`, `A`, `B` or `response`. */
  readonly title: string;
  readonly verdict?: 'better' | 'worse';
  readonly messages: readonly Message[];
}

/** A label or score in words. */
export interface LabelFact {
  readonly name: string;
  readonly value: string;
  /** Place on its scale, 0 to 1, where it has one. */
  readonly share?: number;
}

export interface RecordReading {
  readonly prompt: readonly Message[];
  /** None of a conversation, which is all there is to read. */
  readonly answers: readonly Answer[];
  readonly facts: readonly LabelFact[];
}

/** The scales are those of the canonical records: strength 0 to 2, score 0 to 4; a margin has the scale of the data. */
export function readingOf(record: TrainingRecord): RecordReading {
  switch (record.kind) {
    case 'conversation':
      return { prompt: record.messages, answers: [], facts: [] };
    case 'scored-response':
      return {
        prompt: record.prompt,
        answers: [{ title: 'response', messages: record.response }],
        facts: [{ name: 'Score', value: `${record.score} of 4`, share: record.score / 4 }],
      };
    case 'preference-pair':
      return {
        prompt: record.prompt,
        answers: [
          { title: 'chosen', verdict: 'better', messages: record.chosen },
          { title: 'rejected', verdict: 'worse', messages: record.rejected },
        ],
        facts: record.margin === undefined ? [] : [{ name: 'Margin', value: String(record.margin) }],
      };
    case 'compared-responses': {
      const { preferred, strength } = record;
      const facts: LabelFact[] = [{ name: 'Preferred', value: preferred }];
      if (strength !== undefined) facts.push({ name: 'Strength', value: `${strength} of 2`, share: strength / 2 });
      return {
        prompt: record.prompt,
        answers: [
          { title: 'A', ...verdictOf(preferred, 'A', 'B'), messages: record.responseA },
          { title: 'B', ...verdictOf(preferred, 'B', 'A'), messages: record.responseB },
        ],
        facts,
      };
    }
  }
}

function verdictOf(preferred: string, own: string, other: string): { verdict?: 'better' | 'worse' } {
  if (preferred === own) return { verdict: 'better' };
  return preferred === other ? { verdict: 'worse' } : {};
}
