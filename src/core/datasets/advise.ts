/** Which methods a dataset fits, best first, and why not the others. */

import { METHOD_IDS, METHODS, type MethodId } from '../methods/method.ts';
import { DERIVED_FROM } from './derive.ts';
import type { Recognition } from './recognise.ts';
import { missingText, nearestShortfall } from './recognition-errors.ts';

export interface MethodAdvice {
  readonly method: MethodId;
  readonly fits: boolean;
  /** One line with counts. */
  readonly reason: string;
  /** The shape that was recognised, where it fits. */
  readonly format?: string;
}

/** What each kind of record is called, for counting. */
const RECORD_NAMES: Readonly<Record<MethodId, string>> = {
  'bradley-terry': 'preference pairs',
  pointwise: 'scored responses',
  pairwise: 'compared responses',
  sft: 'conversations',
};

/** Every method once, the fitting ones first; among these the one whose shape fits best. */
export function adviseMethods(recognition: Recognition): MethodAdvice[] {
  const advice = METHOD_IDS.map((method) => ({
    ...adviseMethod(recognition, method),
    share: bestShare(recognition, method),
  }));
  // METHOD_IDS has the methods that train a reward model before SFT, and sorting keeps that order among equals.
  advice.sort((a, b) => Number(b.fits) - Number(a.fits) || b.share - a.share);
  return advice.map(({ share: _, ...rest }) => rest);
}

function adviseMethod(recognition: Recognition, method: MethodId): MethodAdvice {
  const { rowCount } = recognition.dataset;
  if (rowCount === 0) return { method, fits: false, reason: 'the dataset has no rows' };
  const best = bestCandidate(recognition, method);
  if (best) {
    const part = best.share === 1 ? '' : `, ${best.evidence[1]}`;
    const reason = `${rowCount} rows of ${RECORD_NAMES[method]}${part} (${best.title})`;
    return { method, fits: true, reason, format: best.id };
  }
  const source = DERIVED_FROM[method].find((other) => bestCandidate(recognition, other));
  if (source) {
    const reason = `the rows are ${RECORD_NAMES[source]}; "convert --to ${method}" makes ${RECORD_NAMES[method]} of them`;
    return { method, fits: false, reason };
  }
  return { method, fits: false, reason: whyNot(recognition, method) };
}

function bestCandidate(recognition: Recognition, method: MethodId) {
  return recognition.candidates.find((candidate) => candidate.method === method && candidate.fits);
}

function bestShare(recognition: Recognition, method: MethodId): number {
  return bestCandidate(recognition, method)?.share ?? 0;
}

function whyNot(recognition: Recognition, method: MethodId): string {
  const candidates = recognition.candidates.filter((candidate) => candidate.method === method);
  const refused = candidates.find((candidate) => candidate.refused !== undefined);
  if (refused) return `${refused.title}: ${refused.refused}`;
  const [nearest] = [...candidates].sort((a, b) => b.share - a.share);
  const [problem] = nearest?.firstProblems ?? [];
  if (nearest && problem)
    return `only ${nearest.evidence[1]}; row ${problem.row}, "${problem.field}": ${problem.message}`;
  const lacking = nearestShortfall(recognition, method);
  if (!lacking) return `no shape of ${METHODS[method].title} fits`;
  return `no column ${missingText(lacking.missing, lacking.shape)}`;
}
