/** Canonical records: what every row shape becomes, one kind per training method. Everything downstream sees only these. */

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface Message {
  readonly role: Role;
  readonly content: string;
}

/** A prompt with a preferred and a dispreferred completion. Trains Bradley-Terry models. */
export interface PreferencePair {
  readonly kind: 'preference-pair';
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
  /** How much better `chosen` is, on the scale of the data, where the data says so; greater than 0. */
  readonly margin?: number;
}

/** A response with a helpfulness score. Trains pointwise models. */
export interface ScoredResponse {
  readonly kind: 'scored-response';
  readonly prompt: readonly Message[];
  readonly response: readonly Message[];
  /** Integer 0 (worst) to 4 (best). */
  readonly score: number;
}

export type Preference = 'A' | 'B' | 'tie';

/** Two responses and which one is better. Trains pairwise models. */
export interface ComparedResponses {
  readonly kind: 'compared-responses';
  readonly prompt: readonly Message[];
  readonly responseA: readonly Message[];
  readonly responseB: readonly Message[];
  readonly preferred: Preference;
  /** 0 (tie) to 2 (much better), where the data says so. */
  readonly strength?: number;
}

/** A conversation that ends in an assistant turn. Trains by supervised fine-tuning. */
export interface Conversation {
  readonly kind: 'conversation';
  readonly messages: readonly Message[];
}

export type TrainingRecord = PreferencePair | ScoredResponse | ComparedResponses | Conversation;
export type RecordKind = TrainingRecord['kind'];

/** A canonical record and the zero-based dataset row it came from. */
export interface RowRecord<R extends TrainingRecord = TrainingRecord> {
  readonly row: number;
  readonly record: R;
}

/** The text of a completion: its assistant turns, joined by blank lines. */
export function completionText(messages: readonly Message[]): string {
  return messages.map((message) => message.content).join('\n\n');
}

/** The prompt as one text in which turns stay apart. One user turn is its own content. */
export function promptText(messages: readonly Message[]): string {
  const only = messages.length === 1 ? messages[0] : undefined;
  if (only?.role === 'user') return only.content;
  return messages.map((message) => `${message.role}: ${message.content}`).join('\n\n');
}

/** What identifies a prompt for grouping: two rows with one key must never lie on two sides of a split. */
export function promptKey(messages: readonly Message[]): string {
  return messages
    .map((message) => `${message.role}\u0000${message.content.trim().replace(/\s+/g, ' ')}`)
    .join('\u0001');
}

/** The prompt of any record; of a conversation, everything before its last assistant turn. */
export function promptOf(record: TrainingRecord): readonly Message[] {
  return record.kind === 'conversation' ? record.messages.slice(0, -1) : record.prompt;
}

/** The responses of any record, in the order of its fields; of a conversation, its last turn. */
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
