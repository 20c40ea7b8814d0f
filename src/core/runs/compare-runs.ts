/** Two runs beside each other: the parameters in which they differ, and what came of each. */

import type { Evaluation, Measure, MeasureName } from '../methods/evaluation.ts';
import type { RunSpec } from './spec.ts';
import { flattenSpec } from './spec-parameters.ts';
import type { RunState } from './state.ts';

export interface ParameterDifference {
  readonly parameter: string;
  /** Undefined where a run does not have it. */
  readonly values: readonly [a: string | undefined, b: string | undefined];
}

export interface MeasureBeside {
  readonly name: MeasureName;
  readonly values: readonly [a: Measure | undefined, b: Measure | undefined];
}

export interface RunComparison {
  readonly differences: readonly ParameterDifference[];
  /** How many parameters are the same. */
  readonly equal: number;
  readonly measures: readonly MeasureBeside[];
  /** Why the results say less about the runs than they seem to; empty where they are comparable. */
  readonly cautions: readonly string[];
}

export function compareRuns(a: RunState, b: RunState): RunComparison {
  const [first, second] = [new Map(flattenSpec(a.spec)), new Map(flattenSpec(b.spec))];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  const differences = names
    .filter((name) => first.get(name) !== second.get(name))
    .map((parameter) => ({ parameter, values: [first.get(parameter), second.get(parameter)] as const }));
  const [left, right] = [a.fold.result?.evaluation, b.fold.result?.evaluation];
  return {
    differences,
    equal: names.length - differences.length,
    measures: measuresBeside(left, right),
    cautions: cautions(a.spec, b.spec, left, right),
  };
}

function measuresBeside(a: Evaluation | undefined, b: Evaluation | undefined): MeasureBeside[] {
  const names = [...new Set([...(a?.measures ?? []), ...(b?.measures ?? [])].map(({ name }) => name))];
  const of = (evaluation: Evaluation | undefined, name: MeasureName) =>
    evaluation?.measures.find((measure) => measure.name === name);
  return names.map((name) => ({ name, values: [of(a, name), of(b, name)] }));
}

function cautions(a: RunSpec, b: RunSpec, left: Evaluation | undefined, right: Evaluation | undefined): string[] {
  if (!left || !right) return [];
  if (a.method !== b.method) return ['the runs train different methods: their measures are not of one kind'];
  return validationRows(a) === validationRows(b)
    ? []
    : ['the runs were validated on different rows: evaluate both on one file to compare them'];
}

/** What decides which rows a run is validated on: the file, or how the training rows were divided. */
function validationRows({ data, seed, settings }: RunSpec): string {
  if (data.validation) return JSON.stringify(['file', data.validation.fingerprint]);
  return JSON.stringify(['share', data.train.fingerprint, seed, settings.validation_share ?? null]);
}
