/** Transforms that reach into lists and structures, or make several records of one row. */

import { margin } from './labels.ts';
import { requireList } from './required.ts';
import { UnfitRow } from './row-problem.ts';
import { decodeJson, numberOf } from './text.ts';
import type { Transform } from './transform.ts';

/** (responses[n], labels[n(n-1)/2]) -> [{first, second, label}], pairs in the order (1,2) (1,3) ... (2,3) ... */
export const eachPair: Transform = ([responses, labels], [responsesField = '', labelsField = '']) => {
  const texts = requireList(responses, responsesField);
  const marks = requireList(labels, labelsField);
  const pairs = texts.flatMap((first, index) => texts.slice(index + 1).map((second) => ({ first, second })));
  if (marks.length !== pairs.length) {
    throw new UnfitRow(
      'wrong-type',
      labelsField,
      `${texts.length} responses make ${pairs.length} pairs, but it has ${marks.length} labels`,
    );
  }
  return pairs.map((pair, index) => ({ ...pair, label: marks[index] }));
};

/** (better responses, worse responses) -> [{better, worse}], every one with every other. */
export const eachBetterWorse: Transform = ([better, worse], [betterField = '', worseField = '']) =>
  everyPair(requireFilled(better, betterField), requireFilled(worse, worseField));

/**
 * A list of outputs with labels -> [{better, worse, margin}], every preferred one with every other one. A label says
 * `is_preferred`, or `preference` "chosen" or "rejected"; without either, of two outputs the higher
 * `preference_score` is preferred. The margin is the difference of these scores, where greater than 0.
 */
export const eachPreferred: Transform = ([value], [field = '']) => {
  const outputs = requireList(value, field).map((output) => ({
    content: contentAt([output], [field], { paths: [['answer', 'content'], ['content']] }),
    score: numberOf(labelOf(output, 'preference_score')),
    preferred: preferredOf(output),
  }));
  const [first, second] = outputs;
  if (outputs.length === 2 && outputs.every(({ preferred }) => preferred === undefined)) {
    const lead = (first?.score ?? Number.NaN) - (second?.score ?? Number.NaN);
    outputs[0]!.preferred = lead > 0;
    outputs[1]!.preferred = lead < 0;
  }
  const better = outputs.filter(({ preferred }) => preferred === true);
  const worse = outputs.filter(({ preferred }) => preferred === false);
  if (better.length === 0 || worse.length === 0) {
    throw new UnfitRow('label-out-of-range', field, 'its labels prefer no output to another one');
  }
  return everyPair(better, worse).map((pair) => ({
    better: pair.better.content,
    worse: pair.worse.content,
    margin: margin([undefined, pair.better.score, pair.worse.score], [], {}),
  }));
};

function everyPair<T>(better: readonly T[], worse: readonly T[]): { better: T; worse: T }[] {
  return better.flatMap((chosen) => worse.map((rejected) => ({ better: chosen, worse: rejected })));
}

function requireFilled(value: unknown, field: string): unknown[] {
  const list = requireList(value, field);
  if (list.length === 0) throw new UnfitRow('empty-value', field, 'the list is empty');
  return list;
}

function labelOf(output: unknown, name: string): unknown {
  const paths = [
    ['answer', 'label', name],
    ['label', name],
  ];
  return paths.map((path) => at([output], [''], { path, optional: true })).find((found) => found !== undefined);
}

function preferredOf(output: unknown): boolean | undefined {
  const said = labelOf(output, 'is_preferred') ?? labelOf(output, 'preference');
  if (typeof said === 'boolean') return said;
  return said === 'chosen' ? true : said === 'rejected' ? false : undefined;
}

/** The structure itself, if there is nothing at any of `paths`: with a label the row is of another shape. */
export const unlabelled: Transform = ([value], [field = ''], parameters) => {
  for (const path of parameters.paths as readonly unknown[]) {
    const found = at([value], [field], { path, optional: true });
    if (found !== undefined && found !== null) throw new UnfitRow('wrong-type', field, 'it has a label');
  }
  return value;
};

/** What lies at `path` (keys and positions) inside a structure; JSON text on the way is decoded. */
export const at: Transform = ([value], [field = ''], parameters) => {
  let found = decodeJson(value);
  for (const step of parameters.path as readonly (string | number)[]) {
    const inside = typeof found === 'object' && found !== null && Object.hasOwn(found, step);
    if (!inside) {
      if (parameters.optional === true) return undefined;
      const path = (parameters.path as unknown[]).join('.');
      throw new UnfitRow(found === null ? 'missing-value' : 'wrong-type', field, `it has nothing at ${path}`);
    }
    found = decodeJson((found as Record<string | number, unknown>)[step]);
  }
  return found;
};

/** What lies at the first of `paths` that the structure has. */
export const contentAt: Transform = ([value], [field = ''], parameters) => {
  for (const path of parameters.paths as readonly unknown[]) {
    const found = at([value], [field], { path, optional: true });
    if (found !== undefined) return found;
  }
  const [first] = parameters.paths as unknown[][];
  throw new UnfitRow('missing-value', field, `it has nothing at ${first?.join('.')}`);
};

/** Exactly `length` items, or the row is of another shape. */
export const listOf: Transform = ([value], [field = ''], parameters) => {
  const list = requireList(value, field);
  if (list.length === parameters.length) return list;
  throw new UnfitRow('wrong-type', field, `it has ${list.length} items, not ${parameters.length}`);
};
