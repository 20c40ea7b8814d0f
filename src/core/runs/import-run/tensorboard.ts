/**
 * Event files of TensorBoard: the scalars in them. Numbers of fields are those of tensorflow/core/util/event.proto,
 * framework/summary.proto and framework/tensor.proto.
 */

import { open } from 'node:fs/promises';
import { type ForeignLog, type ForeignMetrics, metricsOf } from './foreign-log.ts';
import { fieldsOf } from './protobuf-fields.ts';
import { readRecords } from './tf-record.ts';

export interface ScalarEvent {
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly values: readonly (readonly [tag: string, value: number])[];
}

/** Several files (one a start of the training) are read in order. */
export async function readTensorBoard(files: readonly string[]): Promise<ForeignLog> {
  const entries: ForeignMetrics[] = [];
  const warnings: string[] = [];
  for (const file of files) {
    const steps = new StepCollector((metrics) => entries.push(metrics));
    const handle = await open(file, 'r');
    try {
      for await (const read of readRecords(handle)) {
        if ('problem' in read) warnings.push(read.problem);
        else steps.add(read.record, warnings);
      }
    } finally {
      await handle.close();
    }
    steps.end();
  }
  return { format: 'tensorboard', entries, ending: undefined, warnings };
}

/** A writer makes an event of each scalar: those of one step, one after the other, are one line of ours. */
class StepCollector {
  readonly #emit: (metrics: ForeignMetrics) => void;
  #step: number | undefined;
  #time = 0;
  #values = new Map<string, number>();

  constructor(emit: (metrics: ForeignMetrics) => void) {
    this.#emit = emit;
  }

  add(record: Buffer, warnings: string[]): void {
    let event: ScalarEvent;
    try {
      event = parseEvent(record);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      warnings.push(`an event cannot be read: ${error.message}`);
      return;
    }
    if (event.values.length === 0) return;
    if (event.step !== this.#step || event.values.some(([tag]) => this.#values.has(tag))) this.end();
    this.#step = event.step;
    this.#time = event.time;
    for (const [tag, value] of event.values) this.#values.set(tag, value);
  }

  end(): void {
    if (this.#step === undefined) return;
    const metrics = metricsOf({ step: this.#step, time: this.#time, values: this.#values });
    if (metrics) this.#emit(metrics);
    this.#step = undefined;
    this.#values = new Map();
  }
}

/** @throws RangeError for bytes that are no event */
export function parseEvent(record: Buffer): ScalarEvent {
  let step = 0;
  let time = 0;
  const values: [string, number][] = [];
  for (const field of fieldsOf(record)) {
    if (field.number === 1 && field.kind === 'fixed64') time = field.value.readDoubleLE(0);
    else if (field.number === 2 && field.kind === 'varint') step = Number(BigInt.asIntN(64, field.value));
    else if (field.number === 5 && field.kind === 'bytes') values.push(...summaryScalars(field.value));
  }
  // A negative step is what a writer says that has none.
  return { step: Math.max(0, step), time, values };
}

function* summaryScalars(summary: Buffer): Generator<[string, number]> {
  for (const field of fieldsOf(summary)) {
    if (field.number !== 1 || field.kind !== 'bytes') continue;
    let tag: string | undefined;
    let value: number | undefined;
    for (const part of fieldsOf(field.value)) {
      if (part.number === 1 && part.kind === 'bytes') tag = part.value.toString('utf8');
      else if (part.number === 2 && part.kind === 'fixed32') value = part.value.readFloatLE(0);
      else if (part.number === 8 && part.kind === 'bytes') value = tensorScalar(part.value);
    }
    if (tag !== undefined && value !== undefined) yield [tag, value];
  }
}

const FLOAT = 1;
const DOUBLE = 2;

/** The number in a tensor of one float or double; undefined for any other. TensorBoard 2 writes scalars so. */
function tensorScalar(tensor: Buffer): number | undefined {
  let type = 0;
  let bytes: Buffer | undefined;
  for (const field of fieldsOf(tensor)) {
    if (field.number === 1 && field.kind === 'varint') type = Number(field.value);
    // tensor_content, float_val and double_val: the same little-endian bytes, packed or not.
    else if ([4, 5, 6].includes(field.number) && field.kind !== 'varint') bytes = field.value;
  }
  if (type === FLOAT && bytes?.length === 4) return bytes.readFloatLE(0);
  return type === DOUBLE && bytes?.length === 8 ? bytes.readDoubleLE(0) : undefined;
}
