/** Every check there is, in the order in which reports name them. */

import { StudioError } from '../../errors.ts';
import type { MethodId } from '../../methods/method.ts';
import { annotators } from './annotators.ts';
import type { CheckContext, CheckDeclaration } from './check.ts';
import { contamination } from './contamination.ts';
import { emailAddresses } from './email-addresses.ts';
import { labelBalance } from './label-balance.ts';
import { lengthBias } from './length-bias.ts';
import { malformedLines } from './malformed-lines.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { nearIdentical } from './near-identical.ts';
import { positionBias } from './position-bias.ts';
import { repeatedRows } from './repeated-rows.ts';
import { roles } from './roles.ts';
import { scripts } from './scripts.ts';
import { secrets } from './secrets.ts';
import { splitLeakage } from './split-leakage.ts';
import { systemPrompt } from './system-prompt.ts';
import { tieRate } from './tie-rate.ts';
import { tooFewRows } from './too-few-rows.ts';
import { truncation } from './truncation.ts';
import { unusableRows } from './unusable-rows.ts';

export const CHECKS: readonly CheckDeclaration[] = [
  tooFewRows,
  malformedLines,
  unusableRows,
  labelBalance,
  splitLeakage,
  secrets,
  nearIdentical,
  repeatedRows,
  roles,
  systemPrompt,
  emailAddresses,
  lengthBias,
  tieRate,
  positionBias,
  annotators,
  scripts,
  truncation,
  nearDuplicates,
  contamination,
];

/** Checks that run only where they are asked for. */
export const TEXT_CHECKS: readonly CheckDeclaration[] = CHECKS.filter(({ tier }) => tier === 'text');

/** `deep`: all text checks for which the input is given; else those named, beside the structural ones. */
export type TextChecks = 'deep' | readonly string[];

export interface CheckPlan {
  readonly run: readonly CheckDeclaration[];
  readonly notRun: readonly NotRun[];
}

/** A check that would say something about the method, and why it did not. */
export interface NotRun {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

/**
 * A check runs where it says something about the method, its input is given, and, if it reads every word, it is asked for;
 * an input that only one check takes asks for it.
 * @throws StudioError 'usage' for a check that is not there, or named without its input
 */
export function planChecks(
  method: MethodId,
  inputs: Pick<CheckContext, 'against' | 'benchmark' | 'truncation'>,
  asked: TextChecks,
): CheckPlan {
  const named = asked === 'deep' ? [] : asked;
  for (const id of named) requireKnown(id);
  const run: CheckDeclaration[] = [];
  const notRun: NotRun[] = [];
  for (const check of CHECKS) {
    if (check.methods && !check.methods.includes(method)) continue;
    const { id, title, tier, needs } = check;
    const given = needs !== undefined && inputs[needs.input] !== undefined;
    if (needs && !given) {
      if (named.includes(id)) throw new StudioError('usage', `The check "${id}" cannot run: ${needs.hint}.`);
      notRun.push({ id, title, reason: needs.hint });
    } else if (tier === 'structural' || asked === 'deep' || given || named.includes(id)) {
      run.push(check);
    } else {
      notRun.push({ id, title, reason: `it reads every word: ask for it with --checks ${id} or --deep` });
    }
  }
  return { run, notRun };
}

function requireKnown(id: string): void {
  if (CHECKS.some((check) => check.id === id)) return;
  const known = TEXT_CHECKS.map((check) => check.id).join(', ');
  throw new StudioError('usage', `There is no check "${id}".`, {
    hint: `The checks that can be asked for are: ${known}; the others always run.`,
  });
}
