/** Every row shape that is known, by id. A new one is a JSON file in `shapes/`, a line here and a contract fixture. */

import { declarationSchema, type ShapeDeclaration, type UnusableDeclaration, unusableSchema } from './declaration.ts';
import alpacaRanking from './shapes/alpaca-ranking.json' with { type: 'json' };
import autoJ from './shapes/auto-j.json' with { type: 'json' };
import comparedResponses from './shapes/compared-responses.json' with { type: 'json' };
import conversationPairs from './shapes/conversation-pairs.json' with { type: 'json' };
import dialoguePairs from './shapes/dialogue-pairs.json' with { type: 'json' };
import evaluationCases from './shapes/evaluation-cases.json' with { type: 'json' };
import feedbackCollection from './shapes/feedback-collection.json' with { type: 'json' };
import graderCases from './shapes/grader-cases.json' with { type: 'json' };
import graderRows from './shapes/grader-rows.json' with { type: 'json' };
import helpsteer2Ratings from './shapes/helpsteer2-ratings.json' with { type: 'json' };
import helpsteer3Preference from './shapes/helpsteer3-preference.json' with { type: 'json' };
import inputPairs from './shapes/input-pairs.json' with { type: 'json' };
import instructionResponse from './shapes/instruction-response.json' with { type: 'json' };
import judgePairwise from './shapes/judge-pairwise.json' with { type: 'json' };
import judgePairwiseMetadata from './shapes/judge-pairwise-metadata.json' with { type: 'json' };
import judgePointwise from './shapes/judge-pointwise.json' with { type: 'json' };
import judgePointwiseFlat from './shapes/judge-pointwise-flat.json' with { type: 'json' };
import messagePairs from './shapes/message-pairs.json' with { type: 'json' };
import messages from './shapes/messages.json' with { type: 'json' };
import numericLabel012 from './shapes/numeric-label-0-1-2.json' with { type: 'json' };
import numericLabel120 from './shapes/numeric-label-1-2-0.json' with { type: 'json' };
import pandalmAnnotators from './shapes/pandalm-annotators.json' with { type: 'json' };
import pandalmLabel from './shapes/pandalm-label.json' with { type: 'json' };
import plainPairs from './shapes/plain-pairs.json' with { type: 'json' };
import preferenceCollection from './shapes/preference-collection.json' with { type: 'json' };
import preferredOutputs from './shapes/preferred-outputs.json' with { type: 'json' };
import prometheusScored from './shapes/prometheus-scored.json' with { type: 'json' };
import promptedPairs from './shapes/prompted-pairs.json' with { type: 'json' };
import rankedResponses from './shapes/ranked-responses.json' with { type: 'json' };
import rewardbench from './shapes/rewardbench.json' with { type: 'json' };
import rewardbench2 from './shapes/rewardbench-2.json' with { type: 'json' };
import rlPrompts from './shapes/rl-prompts.json' with { type: 'json' };
import rlPromptsWithAnswers from './shapes/rl-prompts-with-answers.json' with { type: 'json' };
import scoredResponses from './shapes/scored-responses.json' with { type: 'json' };
import scoredResponses1To5 from './shapes/scored-responses-1-to-5.json' with { type: 'json' };
import signedPreference from './shapes/signed-preference.json' with { type: 'json' };
import ultrafeedbackBinarized from './shapes/ultrafeedback-binarized.json' with { type: 'json' };

export const SHAPES: readonly ShapeDeclaration[] = [
  alpacaRanking,
  autoJ,
  comparedResponses,
  conversationPairs,
  dialoguePairs,
  evaluationCases,
  feedbackCollection,
  graderCases,
  graderRows,
  helpsteer2Ratings,
  helpsteer3Preference,
  inputPairs,
  instructionResponse,
  judgePairwise,
  judgePairwiseMetadata,
  judgePointwise,
  judgePointwiseFlat,
  messagePairs,
  messages,
  numericLabel012,
  numericLabel120,
  pandalmAnnotators,
  pandalmLabel,
  plainPairs,
  preferenceCollection,
  preferredOutputs,
  prometheusScored,
  promptedPairs,
  rankedResponses,
  rewardbench,
  rewardbench2,
  rlPromptsWithAnswers,
  scoredResponses,
  scoredResponses1To5,
  signedPreference,
  ultrafeedbackBinarized,
].map((declaration) => declarationSchema.parse(declaration));

/** Rows that are known and train nothing. */
export const UNUSABLE_SHAPES: readonly UnusableDeclaration[] = [rlPrompts].map((declaration) =>
  unusableSchema.parse(declaration),
);
