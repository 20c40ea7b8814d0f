/** The engines by name: those that are here, and what the others would train. */

import { StudioError } from '../errors.ts';
import { METHODS, type MethodId } from '../methods/method.ts';
import type { EngineId } from '../runs/spec.ts';
import { commandEngine } from './command-engine.ts';
import { embeddedEngine } from './embedded-engine.ts';
import type { Engine, Engines } from './engine.ts';
import { trlEngine } from './trl-engine.ts';

/** Which engine trains which method, whether it is here yet or not: what refusals point to. */
const ENGINE_METHODS: Readonly<Record<EngineId, readonly MethodId[]>> = {
  embedded: embeddedEngine.methods,
  trl: trlEngine.methods,
  verl: ['bradley-terry', 'pointwise', 'pairwise', 'sft'],
  command: commandEngine.methods,
};

export const ENGINES: Engines = { embedded: embeddedEngine, trl: trlEngine, command: commandEngine };

/** Engines other than `except` that train a method, as text: "trl or verl". */
function enginesFor(method: MethodId, except: EngineId): string {
  const others = Object.entries(ENGINES).filter(([id, { methods }]) => id !== except && methods.includes(method));
  return others.map(([id]) => id).join(' or ');
}

/** The engine for a method, or 'not-available' with what can train it instead. */
export function resolveEngine(engine: EngineId, method: MethodId): Engine {
  if (!ENGINE_METHODS[engine].includes(method)) {
    throw new StudioError('not-available', `The engine "${engine}" cannot train ${METHODS[method].title}.`, {
      hint: `The engines that can: ${enginesFor(method, engine)}.`,
    });
  }
  const found = ENGINES[engine];
  if (found) return found;
  throw new StudioError('not-available', `The engine "${engine}" is not there yet.`, {
    hint: `In this version there are ${Object.keys(ENGINES).join(' and ')}.`,
  });
}
