/** The training rows as one compressed sparse matrix, of which every loss sees one linear score per row. */

import type { Features } from './features.ts';

/** `plus` minus `minus` (a pair), or `plus` alone (one response). */
export interface DesignRow {
  readonly plus: Features;
  readonly minus?: Features;
  readonly label: number;
}

/**
 * Row r has the entries `starts[r]` to `starts[r + 1]` of `columns` and `values`, and the `width` numbers of `dense`
 * from `r * width` on: surface features divided by `scale` (and with `mean` taken off, where the row is one response).
 */
export interface Design {
  readonly count: number;
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
  readonly width: number;
  readonly dense: Float32Array;
  readonly labels: Uint8Array;
}

/** Numbers the buckets that occur in at least `least` training rows, so that weights are dense and few. */
export class Vocabulary {
  /** Bucket of each column, ascending. */
  readonly buckets: Int32Array;
  readonly bucketCount: number;
  private readonly columnOf: Int32Array;

  constructor(rows: readonly DesignRow[], bucketCount: number, least: number) {
    this.bucketCount = bucketCount;
    const occurrences = new Int32Array(bucketCount);
    const seenBy = new Int32Array(bucketCount);
    rows.forEach((row, number) => {
      for (const features of [row.plus, row.minus]) {
        if (!features) continue;
        for (const bucket of features.indices) {
          if (seenBy[bucket] === number + 1) continue;
          seenBy[bucket] = number + 1;
          occurrences[bucket]!++;
        }
      }
    });
    const kept: number[] = [];
    this.columnOf = new Int32Array(bucketCount).fill(-1);
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      if (occurrences[bucket]! < least) continue;
      this.columnOf[bucket] = kept.length;
      kept.push(bucket);
    }
    this.buckets = Int32Array.from(kept);
  }

  get size(): number {
    return this.buckets.length;
  }

  /** Column of a bucket, -1 where it is not kept. */
  column(bucket: number): number {
    return this.columnOf[bucket]!;
  }
}

export interface Standardisation {
  readonly mean: readonly number[];
  /** Standard deviation, 1 where it is 0. */
  readonly scale: readonly number[];
}

/** Mean and standard deviation of each surface feature over the responses of the rows. */
export function standardise(rows: readonly DesignRow[]): Standardisation {
  const width = rows[0]?.plus.surface.length ?? 0;
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  let count = 0;
  for (const row of rows) {
    for (const features of row.minus ? [row.plus, row.minus] : [row.plus]) {
      count++;
      for (let at = 0; at < width; at++) {
        const value = features.surface[at]!;
        sums[at]! += value;
        squares[at]! += value * value;
      }
    }
  }
  const mean = Array.from(sums, (sum) => Math.fround(sum / count));
  const scale = Array.from(squares, (square, at) => {
    const variance = square / count - mean[at]! * mean[at]!;
    return variance > 1e-10 ? Math.fround(Math.sqrt(variance)) : 1;
  });
  return { mean, scale };
}

export function buildDesign(rows: readonly DesignRow[], vocabulary: Vocabulary, surface: Standardisation): Design {
  const width = surface.mean.length;
  const entries = rows.reduce((sum, { plus, minus }) => sum + plus.indices.length + (minus?.indices.length ?? 0), 0);
  const starts = new Int32Array(rows.length + 1);
  const columns = new Int32Array(entries);
  const values = new Float32Array(entries);
  const dense = new Float32Array(rows.length * width);
  const sums = new Float64Array(vocabulary.size);
  const rowOf = new Int32Array(vocabulary.size).fill(-1);
  let end = 0;
  rows.forEach((row, number) => {
    const begin = end;
    for (const [features, sign] of [
      [row.plus, 1],
      [row.minus, -1],
    ] as const) {
      if (!features) continue;
      for (let at = 0; at < features.indices.length; at++) {
        const column = vocabulary.column(features.indices[at]!);
        if (column < 0) continue;
        if (rowOf[column] !== number) {
          rowOf[column] = number;
          sums[column] = 0;
          columns[end++] = column;
        }
        sums[column]! += sign * features.values[at]!;
      }
    }
    // What the two sides share in equal measure cancels: leave it out.
    let kept = begin;
    for (let at = begin; at < end; at++) {
      const value = sums[columns[at]!]!;
      if (value === 0) continue;
      columns[kept] = columns[at]!;
      values[kept++] = value;
    }
    end = kept;
    starts[number + 1] = end;
    for (let at = 0; at < width; at++) {
      const centre = row.minus ? row.minus.surface[at]! : surface.mean[at]!;
      dense[number * width + at] = (row.plus.surface[at]! - centre) / surface.scale[at]!;
    }
  });
  return {
    count: rows.length,
    starts,
    columns: columns.subarray(0, end),
    values: values.subarray(0, end),
    width,
    dense,
    labels: Uint8Array.from(rows, (row) => row.label),
  };
}
