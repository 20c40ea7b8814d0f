/** Records of any kind, for tests of what holds for all of them. */

import fc from 'fast-check';
import type { Message, TrainingRecord } from '../../../src/core/datasets/records.ts';
import type { MethodId } from '../../../src/core/methods/method.ts';

// Text of any kind, but without blanks at its ends, and not JSON, which a reader would decode.
const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((middle) => `t${middle}t`);
const said = (role: Message['role']) => text.map((content): Message => ({ role, content }));
const turn = fc.tuple(said('user'), said('assistant'));

const prompt: fc.Arbitrary<readonly Message[]> = fc.oneof(
  fc.constant([]),
  fc
    .tuple(fc.option(said('system'), { nil: undefined }), fc.array(turn, { maxLength: 2 }), said('user'))
    .map(([system, turns, last]) => [...(system ? [system] : []), ...turns.flat(), last]),
);
const completion: fc.Arbitrary<readonly Message[]> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(said('assistant')) },
  { weight: 1, arbitrary: fc.tuple(said('assistant'), said('tool'), said('assistant')) },
);
const contents = (messages: readonly Message[]) => messages.map(({ content }) => content).join('\n\n');

export const ANY_RECORD: Readonly<Record<MethodId, fc.Arbitrary<TrainingRecord>>> = {
  'bradley-terry': fc
    .record(
      {
        kind: fc.constant('preference-pair' as const),
        prompt,
        chosen: completion,
        rejected: completion,
        margin: fc.double({ min: 0.01, max: 9, noNaN: true }),
      },
      { requiredKeys: ['kind', 'prompt', 'chosen', 'rejected'] },
    )
    .filter((pair) => contents(pair.chosen) !== contents(pair.rejected)),
  pointwise: fc.record({
    kind: fc.constant('scored-response' as const),
    prompt,
    response: completion,
    score: fc.integer({ min: 0, max: 4 }),
  }),
  pairwise: fc.record(
    {
      kind: fc.constant('compared-responses' as const),
      prompt,
      responseA: completion,
      responseB: completion,
      preferred: fc.constantFrom('A' as const, 'B' as const, 'tie' as const),
      strength: fc.double({ min: 0, max: 2, noNaN: true }),
    },
    { requiredKeys: ['kind', 'prompt', 'responseA', 'responseB', 'preferred'] },
  ),
  sft: fc.record({
    kind: fc.constant('conversation' as const),
    messages: fc
      .tuple(prompt, said('user'), said('assistant'))
      .map(([before, question, answer]) => [...before.slice(0, -1), question, answer]),
  }),
};
