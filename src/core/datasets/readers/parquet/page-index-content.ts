/** What a kept page index holds, checked as it is read back. Loaded only where one is kept: most files have none. */

import * as z from 'zod';
import { PAGE_INDEX_VERSION } from './page-index-cache.ts';

/** The pages of one leaf of one row group; its numbers are those of `PageLocations`. */
const entrySchema = z.object({
  group: z.int().nonnegative(),
  leaf: z.int().nonnegative(),
  numbers: z.array(z.int().nonnegative()),
});
const contentSchema = z.object({
  version: z.literal(PAGE_INDEX_VERSION),
  path: z.string(),
  size: z.int(),
  changed: z.string(),
  entries: z.array(entrySchema),
});

/** @throws where the text is anything else */
export const parsePageIndex = (text: string) => contentSchema.parse(JSON.parse(text));
