/** Grades as text: what a card says of one, and one line for lists. */

import { METHODS } from '../methods/method.ts';
import type { Comparison, Grade } from './grader.ts';

export interface GradeCardOptions {
  readonly now: Date;
  /** Whether the prompt of the response was found; without it the score stands on the response alone. */
  readonly promptKnown: boolean;
  /** Whether the grade was made before and kept. */
  readonly kept?: boolean;
  /** Where the response lies in its row; `chosen` and `rejected` are labels that a verdict agrees with or not. */
  readonly field?: string | undefined;
}

const LONGEST_NAME = 120;
const LONGEST_REASON = 600;
const SEPARATOR = ' · ';

/** What a person should know of a grade, each part as text. */
export interface GradeCard {
  readonly verdict: Comparison['verdict'] | undefined;
  readonly headline: string;
  /** Name and value, in the order to be shown. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly reason: string | undefined;
  readonly notes: readonly string[];
}

/** Text that comes from data, as the card's place needs it. */
type Say = (text: string) => string;

/** @param say what becomes of text that comes from data: as it is, unless the card is markup */
export function gradeCard(grade: Grade, options: GradeCardOptions, say: Say = (text) => text): GradeCard {
  return {
    verdict: grade.comparison?.verdict,
    headline: headline(grade),
    facts: factsOf(grade, options, say),
    reason: grade.reason?.trim() ? say(shorten(grade.reason, LONGEST_REASON)) : undefined,
    notes: notesOf(grade, options.promptKnown, say),
  };
}

/** "Reward margin +1.84 · 91st percentile · bt-support": plain text for CodeLens, terminal and status bar. */
export const gradeLine = (grade: Grade): string =>
  asLine([...shortParts(grade), shorten(grade.provenance.grader, LONGEST_NAME)]);

/** The same without the grader, where that is named beside it. */
export const shortGradeLine = (grade: Grade): string => asLine(shortParts(grade));

function shortParts(grade: Grade): (string | undefined)[] {
  const percentile =
    grade.percentile === undefined ? undefined : `${ordinal(wholePercentile(grade.percentile))} percentile`;
  return [shortHeadline(grade), percentile];
}

function asLine(parts: readonly (string | undefined)[]): string {
  const line = parts.filter((part) => part !== undefined).join(SEPARATOR);
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** "just now", "3 min ago", "2 h ago", "5 days ago", or the date where it is more than 30 days ago. */
export function formatAge(from: string | Date, now: Date): string {
  const then = new Date(from);
  const seconds = (now.getTime() - then.getTime()) / 1000;
  if (Number.isNaN(seconds)) return 'at an unknown time';
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  if (days <= 30) return days === 1 ? '1 day ago' : `${days} days ago`;
  return `on ${then.toISOString().slice(0, 10)}`;
}

function headline(grade: Grade): string {
  const { comparison } = grade;
  switch (grade.scale) {
    case 'logit-within-prompt':
      if (comparison === undefined)
        return percentileHeadline(grade) ?? 'Reward not comparable without a sibling response';
      return [
        `Reward margin ${signed(comparison.margin)} over its sibling response`,
        probability(comparison, 'probability'),
      ]
        .filter(Boolean)
        .join(SEPARATOR);
    case 'score-0-4':
      return `Score ${fixed(grade.score, 1)} of 4${typeof grade.label === 'number' ? ` (label ${grade.label})` : ''}`;
    case 'preference-a-b-tie':
      if (comparison === undefined) return percentileHeadline(grade) ?? 'No verdict without a second response';
      return [`A/B verdict: ${VERDICTS[comparison.verdict]}`, probability(comparison, 'probability of being better')]
        .filter(Boolean)
        .join(SEPARATOR);
  }
}

/** Undefined for a grader that gives verdicts alone. */
const probability = ({ probability: given }: Comparison, what: string): string | undefined =>
  given === undefined ? undefined : `${what} ${fixed(given, 2)}`;

function percentileHeadline(grade: Grade): string | undefined {
  if (grade.percentile === undefined) return undefined;
  const what = grade.scale === 'logit-within-prompt' ? 'Reward percentile' : 'Percentile';
  return `${what} ${wholePercentile(grade.percentile)} of 100 among training responses`;
}

function shortHeadline(grade: Grade): string | undefined {
  const { comparison } = grade;
  switch (grade.scale) {
    case 'logit-within-prompt':
      if (comparison !== undefined) return `Reward margin ${signed(comparison.margin)}`;
      return grade.percentile === undefined ? 'Reward not comparable without a sibling' : 'Reward';
    case 'score-0-4':
      return `Score ${fixed(grade.score, 1)} of 4`;
    case 'preference-a-b-tie':
      if (comparison !== undefined)
        return [`A/B verdict ${comparison.verdict}`, probability(comparison, 'probability')].filter(Boolean).join(', ');
      return grade.percentile === undefined ? 'No verdict without a second response' : undefined;
  }
}

const VERDICTS = {
  better: 'better than its sibling response',
  worse: 'worse than its sibling response',
  tie: 'tie with its sibling response',
} as const;

function factsOf(grade: Grade, options: GradeCardOptions, say: Say): GradeCard['facts'] {
  const { provenance } = grade;
  const age = (from: string): string => formatAge(from, options.now);
  return [
    ['Model', `${say(shorten(provenance.grader, LONGEST_NAME))}, ${METHODS[provenance.method].title}`],
    ['Percentile', percentiles(grade)],
    ['Verdict', verdict(grade, options.field)],
    [
      'Graded',
      `${age(provenance.gradedAt)}, ${options.kept ? 'kept since; it took' : 'took'} ${latency(provenance.latencyMs)}`,
    ],
    provenance.trainedAt === undefined
      ? ['Asked', say(shorten(provenance.model, LONGEST_NAME))]
      : ['Trained', age(provenance.trainedAt)],
  ];
}

function percentiles(grade: Grade): string {
  const known = [
    grade.percentile === undefined ? undefined : `${wholePercentile(grade.percentile)} of 100 among training responses`,
    grade.comparison?.percentile === undefined
      ? undefined
      : `margin ${wholePercentile(grade.comparison.percentile)} of 100 among training margins`,
  ].filter((part) => part !== undefined);
  return known.length === 0 ? 'not known to this model' : known.join('; ');
}

function verdict(grade: Grade, field: string | undefined): string {
  const { comparison } = grade;
  if (comparison === undefined) {
    return grade.scale === 'score-0-4' && typeof grade.label === 'number'
      ? `label ${grade.label}`
      : 'no second response';
  }
  const agreement = agreementWithLabel(comparison.verdict, field);
  return `${VERDICTS[comparison.verdict]}${agreement === undefined ? '' : `; ${agreement}`}`;
}

/** What the verdict says about the label that the name of the field carries. */
function agreementWithLabel(given: keyof typeof VERDICTS, field: string | undefined): string | undefined {
  const label = /^(chosen|rejected)\b/i.exec(field ?? '')?.[1]?.toLowerCase();
  if (label === undefined || given === 'tie') return undefined;
  return (label === 'chosen') === (given === 'better') ? 'agrees with the label' : 'disagrees with the label';
}

function notesOf(grade: Grade, promptKnown: boolean, say: Say): string[] {
  const notes: string[] = (grade.notes ?? []).map(say);
  if (grade.scale === 'logit-within-prompt') {
    notes.push('A Bradley-Terry reward compares only responses to one prompt; it is not a measure of quality.');
  }
  if (grade.scale === 'preference-a-b-tie' && grade.comparison === undefined) {
    notes.push('A comparison needs a second response to the same prompt.');
  }
  if (!promptKnown) notes.push('The prompt is unknown: the response was graded without it.');
  return notes;
}

/** "+1.84", "−0.92" with a true minus sign; what rounds to zero has no sign. */
function signed(value: number): string {
  const text = fixed(value, 2);
  return Number.isFinite(value) && value > 0 && !/^0\.0*$/.test(text) ? `+${text}` : text;
}

function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '\u2212');
}

function wholePercentile(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)));
}

function ordinal(value: number): string {
  const tens = value % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}

function latency(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'an unknown time';
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`;
}

/** Text on one line, without control characters and direction marks, cut at whole characters. */
function shorten(text: string, longest: number): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .trim();
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}
