/** A line of the file in which grades are kept. */

import * as z from 'zod';
import type { Grade } from './grader.ts';

const lineSchema = z.object({
  key: z.string(),
  grade: z.looseObject({ score: z.number(), scale: z.string(), provenance: z.looseObject({ gradedAt: z.string() }) }),
});

/** Undefined for a line that was cut by a crash, or of another version: it is no grade. */
export function parseKeptGrade(line: string): { readonly key: string; readonly grade: Grade } | undefined {
  const { data } = lineSchema.safeParse(jsonOf(line));
  return data && { key: data.key, grade: data.grade as unknown as Grade };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
