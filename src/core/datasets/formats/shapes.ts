/** Every row shape that is known. A new one is a JSON file in `shapes/`, a line here and its example as a fixture. */

import { declarationSchema, type ShapeDeclaration } from './declaration.ts';
import autoJ from './shapes/auto-j.json' with { type: 'json' };
import comparedResponses from './shapes/compared-responses.json' with { type: 'json' };
import conversationPairs from './shapes/conversation-pairs.json' with { type: 'json' };
import dialoguePairs from './shapes/dialogue-pairs.json' with { type: 'json' };
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
import prometheusScored from './shapes/prometheus-scored.json' with { type: 'json' };
import promptedPairs from './shapes/prompted-pairs.json' with { type: 'json' };
import rankedResponses from './shapes/ranked-responses.json' with { type: 'json' };
import scoredResponses from './shapes/scored-responses.json' with { type: 'json' };
import scoredResponses1To5 from './shapes/scored-responses-1-to-5.json' with { type: 'json' };
import signedPreference from './shapes/signed-preference.json' with { type: 'json' };

export const SHAPES: readonly ShapeDeclaration[] = [
  autoJ,
  comparedResponses,
  conversationPairs,
  dialoguePairs,
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
  prometheusScored,
  promptedPairs,
  rankedResponses,
  scoredResponses,
  scoredResponses1To5,
  signedPreference,
].map((declaration) => declarationSchema.parse(declaration));
