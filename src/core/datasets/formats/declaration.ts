/** What a row-shape declaration (one JSON file in `shapes/`) may say. Python reads the same files. */

import * as z from 'zod';
import { TRANSFORMS, type TransformName } from './transforms.ts';

const fieldSchema = z.strictObject({
  /** Spellings of the column, the first one found wins; the field's own name always counts. */
  columns: z.array(z.string()).default([]),
  optional: z.boolean().default(false),
});

const stepSchema = z.strictObject({
  do: z.enum(Object.keys(TRANSFORMS) as [TransformName, ...TransformName[]]),
  /** Fields or names that earlier steps set. */
  of: z.array(z.string()).min(1),
  /** One name for the result, or several where the result is a structure with these keys. */
  as: z.union([z.string(), z.array(z.string())]),
  with: z.record(z.string(), z.unknown()).default({}),
  /** The result is a list of structures, and every following step is done for each of them. */
  each: z.boolean().default(false),
});

const guardSchema = z.strictObject({
  /**
   * `one-to-five`: as many of the sampled values are 5 as lie outside of 1 to 5, or more, so that they are no labels from 0 to 4.
   * `zero-to-four`: some are 0 and none is above 4, so that they are no scores from 1 to 5.
   */
  refuse: z.enum(['one-to-five', 'zero-to-four']),
  of: z.string(),
  because: z.string(),
});

export const declarationSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  record: z.enum(['preference-pair', 'scored-response', 'compared-responses', 'conversation']),
  /** Among shapes that fit, the lowest wins: the more particular a shape, the lower. */
  rank: z.number(),
  /** Shapes of one family that fit the same rows mean different things by them: the person has to say which. */
  ambiguity: z.strictObject({ family: z.string(), say: z.string() }).optional(),
  fields: z.record(z.string(), fieldSchema),
  /** Columns that a file of this shape does not have. */
  without: z.array(z.string()).default([]),
  steps: z.array(stepSchema),
  guards: z.array(guardSchema).default([]),
  /** A row of this shape, as a person would find it. */
  example: z.record(z.string(), z.unknown()),
});

export type ShapeDeclaration = z.infer<typeof declarationSchema>;

/** Rows that are known and train nothing: the person is told why, in place of which columns are missing. */
export const unusableSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  unusable: z.strictObject({ because: z.string(), instead: z.string() }),
  fields: z.record(z.string(), fieldSchema),
  without: z.array(z.string()).default([]),
  example: z.record(z.string(), z.unknown()),
});

export type UnusableDeclaration = z.infer<typeof unusableSchema>;
