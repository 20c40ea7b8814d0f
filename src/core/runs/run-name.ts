/** The name of a run that nobody has named. */

import path from 'node:path';
import type { MethodId } from '../methods/method.ts';

/** `support-pairs-bradley-terry`: the data's name, with its folder where the file name alone says little, and the method. */
export function defaultName(file: string, method: MethodId): string {
  const stem = path.basename(file).replace(/(\.(parquet|parq|pq|jsonl|ndjson|json|csv|gz))+$/, '');
  const generic = /^(train|test|val|validation|data)(-\d+-of-\d+)?$/.test(stem);
  const data = generic ? `${path.basename(path.dirname(file))}-${stem}` : stem;
  return (data.includes(method) ? data : `${data}-${method}`).slice(0, 80);
}
