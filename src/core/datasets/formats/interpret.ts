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
import type { Parameters, Transform } from './transform.ts';
import { TRANSFORMS } from './transforms.ts';

/** The values of a row by place: the cells of the bound fields first, then what the steps set. */
type Scope = unknown[];
export type Interpreted = { readonly record: TrainingRecord } | { readonly problem: RowProblem };

/** A step whose names have become places: looking names up again for every row takes most of the time. */
interface Step {
  readonly transform: Transform;
  readonly names: readonly string[];
  readonly from: readonly number[];
  readonly parameters: Parameters;
  readonly each: boolean;
  readonly to: number | readonly { readonly name: string; readonly place: number }[];
}

/**
 * @param fields the bound fields, in the order of the cells; an optional field may be absent
 * @param columnOf the column that a field is bound to, for problems
 * @returns reads one row, whose cells may be more than the fields: one item for most shapes, several where a row holds several records; a row with a problem gives it alone
 */
export function interpreterOf(
  shape: ShapeDeclaration,
  fields: readonly string[],
  columnOf: (field: string) => string,
): (cells: readonly unknown[]) => Interpreted[] {
  const places = new Map(fields.map((field, place) => [field, place]));
  const placeOf = (name: string): number => {
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  };
  const steps = shape.steps.map(
    (step): Step => ({
      transform: TRANSFORMS[step.do],
      names: step.of,
      from: step.of.map(placeOf),
      parameters: step.with,
      each: step.each,
      to: typeof step.as === 'string' ? placeOf(step.as) : step.as.map((name) => ({ name, place: placeOf(name) })),
    }),
  );
  const build = builderOf(shape, fields, placeOf);
  const failed = (error: unknown): Interpreted[] => {
    if (!(error instanceof UnfitRow)) throw error;
    return [{ problem: { code: error.code, field: columnOf(error.field), message: error.message } }];
  };
  const buildOne = (scope: Scope): Interpreted => {
    try {
      return { record: build(scope) };
    } catch (error) {
      return failed(error)[0]!;
    }
  };
  return (cells) => {
    let scopes: Scope[];
    try {
      scopes = runSteps(steps, cells.slice(0, fields.length));
    } catch (error) {
      return failed(error);
    }
    return scopes.map(buildOne);
  };
}

function runSteps(steps: readonly Step[], cells: Scope): Scope[] {
  let scopes: Scope[] = [cells];
  for (const step of steps) {
    if (step.each) {
      scopes = scopes.flatMap((scope) =>
        (resultOf(step, scope) as object[]).map((item) => set([...scope], step, item)),
      );
    } else {
      for (const scope of scopes) set(scope, step, resultOf(step, scope));
    }
  }
  return scopes;
}

function resultOf({ transform, from, names, parameters }: Step, scope: Scope): unknown {
  const values: unknown[] = [];
  for (let index = 0; index < from.length; index++) values.push(scope[from[index]!]);
  return transform(values, names, parameters);
}

function set(scope: Scope, { to }: Step, result: unknown): Scope {
  if (typeof to === 'number') scope[to] = result;
  else for (const { name, place } of to) scope[place] = (result as Record<string, unknown>)[name];
  return scope;
}

function builderOf(
  shape: ShapeDeclaration,
  fields: readonly string[],
  placeOf: (name: string) => number,
): (scope: Scope) => TrainingRecord {
  const messagesAt = (name: string) => {
    const place = placeOf(name);
    return (scope: Scope) => scope[place] as readonly Message[];
  };
  switch (shape.record) {
    case 'preference-pair': {
      const [prompt, chosen, rejected] = [messagesAt('prompt'), messagesAt('chosen'), messagesAt('rejected')];
      const margin = placeOf('margin');
      return (scope) =>
        checkPair({
          kind: 'preference-pair',
          prompt: prompt(scope),
          chosen: chosen(scope),
          rejected: rejected(scope),
          ...optional('margin', scope[margin]),
        });
    }
    case 'scored-response': {
      const [prompt, response, score] = [messagesAt('prompt'), messagesAt('response'), placeOf('score')];
      return (scope) =>
        checkScored({
          kind: 'scored-response',
          prompt: prompt(scope),
          response: response(scope),
          score: scope[score] as number,
        });
    }
    case 'compared-responses': {
      const [prompt, a, b] = [messagesAt('prompt'), messagesAt('response_a'), messagesAt('response_b')];
      const [preferred, strength] = [placeOf('preferred'), placeOf('strength')];
      return (scope) => ({
        kind: 'compared-responses',
        prompt: prompt(scope),
        responseA: a(scope),
        responseB: b(scope),
        preferred: scope[preferred] as ComparedResponses['preferred'],
        ...optional('strength', scope[strength]),
      });
    }
    case 'conversation': {
      const messages = messagesAt('messages');
      const named = fields.includes('response') || shape.steps.some(({ as }) => [as].flat().includes('response'));
      return (scope) =>
        checkConversation({ kind: 'conversation', messages: messages(scope) }, named ? 'response' : 'messages');
    }
  }
}

function optional<Name extends string>(name: Name, value: unknown): { [key in Name]?: number } | undefined {
  return typeof value === 'number' ? ({ [name]: value } as { [key in Name]: number }) : undefined;
}

/** A blank response and two equal ones teach nothing as a pair. Of compared responses a blank one is a bad answer. */
function checkPair(record: PreferencePair): PreferencePair {
  requireCompletion(record.chosen, 'chosen');
  requireCompletion(record.rejected, 'rejected');
  if (textOf(record.chosen) === textOf(record.rejected)) {
    throw new UnfitRow('identical-pair', 'rejected', 'chosen and rejected are the same text');
  }
  return record;
}

function textOf(response: readonly Message[]): string {
  return response.length === 1 ? response[0]!.content : completionText(response);
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
