/** Which methods a dataset fits, best first, with counts; why not the others, and what converting to them would lose. */

import { METHOD_IDS, METHODS, type MethodId } from '../methods/method.ts';
import { DERIVED_FROM } from './derive.ts';
import type { RecordTally } from './formats/tally.ts';
import type { Candidate, Recognition } from './recognise.ts';
import { missingText, nearestShortfall, onlyText, readingsText } from './recognition-errors.ts';

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
    const rows = rowsText(recognition, method, best);
    const readings = readingsText(recognition, method);
    if (readings !== undefined) {
      return {
        method,
        fits: true,
        reason: `${rows}${part}, once you say what the labels mean: ${readings}`,
        format: best.id,
      };
    }
    const counts = countsText(best.tally);
    const only = METHOD_IDS.every((other) => other === method || !bestCandidate(recognition, other));
    const first = method === 'sft' && only ? '; there is nothing to train a reward from yet, so SFT comes first' : '';
    const reason = `${rows}${part} (${best.title})${counts}${first}`;
    return { method, fits: true, reason, format: best.id };
  }
  const source = DERIVED_FROM[method].map((other) => bestCandidate(recognition, other)).find((found) => found);
  if (source) {
    const unsaid = readingsText(recognition, source.method) !== undefined;
    const loss = unsaid ? 'say what the labels mean first' : lossText(source.method, method, source.tally);
    const made = `the rows are ${RECORD_NAMES[source.method]}; converted, they become ${RECORD_NAMES[method]}`;
    return { method, fits: false, reason: loss === undefined ? made : `${made}; ${loss}` };
  }
  return { method, fits: false, reason: whyNot(recognition, method) };
}

/** "84 rows of compared responses", and how many these are where a row holds several. */
function rowsText({ dataset, sampledRows }: Recognition, method: MethodId, { tally }: Candidate): string {
  const rows = `${dataset.rowCount} ${dataset.rowCount === 1 ? 'row' : 'rows'} of ${RECORD_NAMES[method]}`;
  if (tally.records <= sampledRows) return rows;
  return `${rows}, ${tally.records} in the ${sampledRows} sampled`;
}

function bestCandidate(recognition: Recognition, method: MethodId): Candidate | undefined {
  return recognition.candidates.find((candidate) => candidate.method === method && candidate.fits);
}

function bestShare(recognition: Recognition, method: MethodId): number {
  return bestCandidate(recognition, method)?.share ?? 0;
}

/** The labels of the sample: "; of 200 sampled: A: 85, B: 94, tie: 21". */
function countsText({ records, labels, margins, multiTurn }: RecordTally): string {
  const counts = Object.keys(labels)
    .sort()
    .map((label) => `${label}: ${labels[label]}`);
  if (margins > 0) counts.push(`${margins} with a margin`);
  if (multiTurn > 0) counts.push(`${multiTurn} of several turns`);
  return counts.length === 0 ? '' : `; of ${records} sampled: ${counts.join(', ')}`;
}

/** What is lost when records of one method become those of another. */
export function lossText(from: MethodId, to: MethodId, tally: RecordTally): string | undefined {
  const ties = tally.labels.tie ?? 0;
  const tiesOf = `${ties} of ${tally.records} sampled are ties`;
  switch (`${from} -> ${to}` as const) {
    case 'pairwise -> bradley-terry':
      return ties === 0 ? 'no tie was sampled, so nothing is dropped for one' : `ties are dropped (${tiesOf})`;
    case 'pairwise -> sft':
      return `the worse responses are lost${ties === 0 ? '' : `, and ties are dropped (${tiesOf})`}`;
    case 'bradley-terry -> pairwise': {
      const lost =
        tally.margins === 0 ? '' : `, and the margins of ${tally.margins} of ${tally.records} sampled are lost`;
      return `the model will see no tie${lost}`;
    }
    case 'bradley-terry -> sft':
      return 'the rejected responses are lost';
    case 'pointwise -> bradley-terry':
      return 'prompts with one response and responses of equal scores are dropped; the scale is lost';
    case 'pointwise -> pairwise':
      return 'prompts with one response are dropped; equal scores become ties and the scale is lost';
    case 'pointwise -> sft':
      return 'the scores are lost';
    default:
      return undefined;
  }
}

/** Why the records that were recognised cannot become those of the method. */
function cannotBecome(from: MethodId, to: MethodId): string {
  if (from === 'sft') return 'conversations hold no second response and no label: SFT first';
  if (to === 'pointwise') {
    return `${RECORD_NAMES[from]} hold no scores to map to 0 to 4; converting them needs to be told which the two sides stand for`;
  }
  return `${RECORD_NAMES[from]} hold bad responses too, which SFT would imitate; converted to preference pairs first, and these to conversations, the better responses remain`;
}

function whyNot(recognition: Recognition, method: MethodId): string {
  const candidates = recognition.candidates.filter((candidate) => candidate.method === method);
  const refused = candidates.find((candidate) => candidate.refused !== undefined);
  if (refused) return `${refused.title}: ${refused.refused}`;
  const recognised = recognition.candidates.find((candidate) => candidate.fits);
  const unread = recognition.candidates.find((candidate) => candidate.refused !== undefined);
  if (!recognised && unread) return `the rows seem to be ${RECORD_NAMES[unread.method]}: say first how to read these`;
  if (!recognised && recognition.unusable) return `${recognition.unusable.title}: ${recognition.unusable.because}`;
  return recognised ? cannotBecome(recognised.method, method) : shortfallText(recognition, method, candidates);
}

function shortfallText(recognition: Recognition, method: MethodId, candidates: readonly Candidate[]): string {
  const [nearest] = [...candidates].sort((a, b) => b.share - a.share);
  const [problem] = nearest?.firstProblems ?? [];
  if (nearest && problem) return `${onlyText(nearest)}; row ${problem.row}, "${problem.field}": ${problem.message}`;
  const lacking = nearestShortfall(recognition, method);
  if (!lacking) return `no shape of ${METHODS[method].title} fits`;
  return `no column ${missingText(lacking.missing, lacking.shape)}`;
}
