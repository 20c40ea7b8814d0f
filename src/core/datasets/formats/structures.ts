/** Transforms that reach into lists and structures, or make several records of one row. */

import { requireList } from './required.ts';
import { UnfitRow } from './row-problem.ts';
import { decodeJson } from './text.ts';
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
  throw new UnfitRow('missing-value', field, 'it holds no content');
};

/** Exactly `length` items, or the row is of another shape. */
export const listOf: Transform = ([value], [field = ''], parameters) => {
  const list = requireList(value, field);
  if (list.length === parameters.length) return list;
  throw new UnfitRow('wrong-type', field, `it has ${list.length} items, not ${parameters.length}`);
};
