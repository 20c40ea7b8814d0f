/** What a conversion did. */

import type { MethodId } from '../methods/method.ts';
import type { DroppedRows } from './dropped-rows.ts';

export interface ConvertReport {
  readonly method: MethodId;
  /** Id of the dialect that was written. */
  readonly dialect: string;
  readonly files: readonly { readonly path: string; readonly rows: number; readonly part?: string }[];
  /** Files beside the data in which a trainer looks it up. */
  readonly registers: readonly string[];
  readonly datasheet: string;
  /** Rows of the source; `records` are what was made of them, and written. */
  readonly rows: number;
  readonly records: number;
  readonly dropped: readonly DroppedRows[];
  /** Field -> records that had it though the dialect cannot say it. */
  readonly lost: Readonly<Record<string, number>>;
  /** Part -> label -> rows; empty where the method has no labels. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly format: { readonly id: string; readonly title: string };
  /** The method whose records the rows held, where it is another one. */
  readonly derivedFrom?: MethodId;
  readonly fingerprint: string;
}
