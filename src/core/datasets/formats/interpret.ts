/** Interprets a row-shape declaration: one row of cells in, canonical records or the reason why not out. */

import type {
  ComparedResponses,
  Conversation,
  Message,
  PreferencePair,
  ScoredResponse,
  TrainingRecord,
} from '../records.ts';
import { completionText } from '../records.ts';
import type { ShapeDeclaration } from './declaration.ts';
import { type RowProblem, UnfitRow } from './row-problem.ts';
import { isBlank } from './text.ts';
import type { Transform } from './transform.ts';
import { TRANSFORMS } from './transforms.ts';

type Scope = ReadonlyMap<string, unknown>;
export type Interpreted = { readonly record: TrainingRecord } | { readonly problem: RowProblem };

/**
 * @param cells field of the shape -> cell; an optional field may be absent
 * @param columnOf the column that a field is bound to, for problems
 * @returns one item for most shapes, several where a row holds several records; a row with a problem gives it alone
 */
export function interpretRow(
  shape: ShapeDeclaration,
  cells: ReadonlyMap<string, unknown>,
  columnOf: (field: string) => string,
): Interpreted[] {
  return capture(columnOf, () =>
    runSteps(shape, cells).map((scope) => capture(columnOf, () => [{ record: build(shape, scope) }])[0]!),
  );
}

function capture(columnOf: (field: string) => string, run: () => Interpreted[]): Interpreted[] {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof UnfitRow)) throw error;
    return [{ problem: { code: error.code, field: columnOf(error.field), message: error.message } }];
  }
}

function runSteps(shape: ShapeDeclaration, cells: Scope): Scope[] {
  let scopes: Scope[] = [cells];
  for (const step of shape.steps) {
    const transform: Transform = TRANSFORMS[step.do];
    scopes = scopes.flatMap((scope) => {
      const result = transform(
        step.of.map((name) => scope.get(name)),
        step.of,
        step.with,
      );
      if (step.each) return (result as object[]).map((item) => extend(scope, step.as, item));
      return [extend(scope, step.as, result)];
    });
  }
  return scopes;
}

function extend(scope: Scope, names: string | readonly string[], result: unknown): Scope {
  const extended = new Map(scope);
  if (typeof names === 'string') extended.set(names, result);
  else for (const name of names) extended.set(name, (result as Record<string, unknown>)[name]);
  return extended;
}

function build(shape: ShapeDeclaration, scope: Scope): TrainingRecord {
  const messages = (name: string) => scope.get(name) as readonly Message[];
  switch (shape.record) {
    case 'preference-pair':
      return checkPair({
        kind: 'preference-pair',
        prompt: messages('prompt'),
        chosen: messages('chosen'),
        rejected: messages('rejected'),
        ...optional('margin', scope),
      });
    case 'scored-response':
      return checkScored({
        kind: 'scored-response',
        prompt: messages('prompt'),
        response: messages('response'),
        score: scope.get('score') as number,
      });
    case 'compared-responses':
      return {
        kind: 'compared-responses',
        prompt: messages('prompt'),
        responseA: messages('response_a'),
        responseB: messages('response_b'),
        preferred: scope.get('preferred') as ComparedResponses['preferred'],
        ...optional('strength', scope),
      };
    case 'conversation':
      return checkConversation(
        { kind: 'conversation', messages: messages('messages') },
        scope.has('response') ? 'response' : 'messages',
      );
  }
}

function optional<Name extends string>(name: Name, scope: Scope): { [key in Name]?: number } {
  const value = scope.get(name);
  return typeof value === 'number' ? ({ [name]: value } as { [key in Name]: number }) : {};
}

/** A blank response and two equal ones teach nothing as a pair. Of compared responses a blank one is a bad answer. */
function checkPair(record: PreferencePair): PreferencePair {
  requireCompletion(record.chosen, 'chosen');
  requireCompletion(record.rejected, 'rejected');
  if (completionText(record.chosen) === completionText(record.rejected)) {
    throw new UnfitRow('identical-pair', 'rejected', 'chosen and rejected are the same text');
  }
  return record;
}

function checkScored(record: ScoredResponse): ScoredResponse {
  requireCompletion(record.response, 'response');
  return record;
}

function checkConversation(record: Conversation, field: string): Conversation {
  requireCompletion(record.messages.slice(-1), field);
  return record;
}

function requireCompletion(messages: readonly Message[], field: string): void {
  if (messages.length === 0 || messages.some((message) => message.role === 'assistant' && isBlank(message.content))) {
    throw new UnfitRow('empty-value', field, 'a response is empty');
  }
}
