/**
 * One file holds a model (`*.rsm`). Little-endian layout:
 *
 *     0   8 bytes   magic "RSMODEL" and a line feed
 *     8   uint32    format version
 *     12  uint32    bytes of the header
 *     16  JSON      everything but the hashed weights, and how many of those are not zero
 *         uint32[]  buckets of the weights that are not zero, ascending
 *         float32[] those weights
 *         32 bytes  SHA-256 of all before
 */

import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import type { Evaluation } from '../../methods/evaluation.ts';
import { writeWhole } from '../../write-whole.ts';
import { type EmbeddedModel, embeddedSettingsSchema, MODEL_FORMAT_VERSION } from './model.ts';
import { SURFACE_COUNT, SURFACE_NAMES } from './surface.ts';

/** Name of the model inside a run's `model/` folder. */
export const MODEL_FILE_NAME = 'model.rsm';

const MAGIC = Buffer.from('RSMODEL\n', 'latin1');
const PREFIX_BYTES = MAGIC.length + 8;
const CHECKSUM_BYTES = 32;

const numbers = z.array(z.number());

const headerSchema = z.object({
  method: z.enum(['bradley-terry', 'pointwise', 'pairwise']),
  settings: embeddedSettingsSchema,
  seed: z.number(),
  entries: z.number().int().min(0),
  surface: z.object({ names: z.array(z.string()), mean: numbers, scale: numbers, weights: numbers }),
  thresholds: numbers,
  trainingScores: numbers.length(101),
  trainingMargins: numbers.length(101).nullable(),
  data: z.object({
    fingerprint: z.string(),
    path: z.string(),
    rows: z.number(),
  }),
  validation: z.custom<Evaluation>((value) => typeof value === 'object' && value !== null).nullable(),
});

type Header = z.infer<typeof headerSchema>;

/** The bytes of a model; equal models give equal bytes. */
export function encodeModel(model: EmbeddedModel): Buffer {
  const { hashedWeights, trainingScores, trainingMargins, validation, thresholds, ...rest } = model;
  const buckets: number[] = [];
  hashedWeights.forEach((weight, bucket) => {
    if (weight !== 0) buckets.push(bucket);
  });
  const header = {
    ...rest,
    entries: buckets.length,
    thresholds,
    trainingScores,
    trainingMargins: trainingMargins ?? null,
    validation: validation ?? null,
  };
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const bytes = Buffer.alloc(PREFIX_BYTES + json.length + 8 * buckets.length + CHECKSUM_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(MODEL_FORMAT_VERSION, MAGIC.length);
  bytes.writeUInt32LE(json.length, MAGIC.length + 4);
  json.copy(bytes, PREFIX_BYTES);
  let at = PREFIX_BYTES + json.length;
  for (const bucket of buckets) at = bytes.writeUInt32LE(bucket, at);
  for (const bucket of buckets) at = bytes.writeFloatLE(hashedWeights[bucket]!, at);
  checksum(bytes.subarray(0, at)).copy(bytes, at);
  return bytes;
}

/** Reads the bytes of a model; `file` is named in the error, which is always an 'invalid-model'. */
export function decodeModel(bytes: Buffer, file: string): EmbeddedModel {
  if (bytes.length < MAGIC.length || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw invalid(file, 'This is not a model of the embedded engine.', 'Choose a .rsm file that a run has written.');
  if (bytes.length < PREFIX_BYTES + CHECKSUM_BYTES) throw damaged(file, 'it ends too early');
  const version = bytes.readUInt32LE(MAGIC.length);
  if (version > MODEL_FORMAT_VERSION) {
    const detail = `This model has format ${version}; this version of Reward Studio reads up to ${MODEL_FORMAT_VERSION}.`;
    throw invalid(file, detail, 'Update Reward Studio, or train the model again.');
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (!checksum(bytes.subarray(0, end)).equals(bytes.subarray(end)))
    throw damaged(file, 'its checksum does not match (truncated or changed)');
  const headerEnd = PREFIX_BYTES + bytes.readUInt32LE(MAGIC.length + 4);
  if (headerEnd > end) throw damaged(file, 'its header does not fit');
  const header = parseHeader(bytes.toString('utf8', PREFIX_BYTES, headerEnd), file);
  if (headerEnd + 8 * header.entries !== end) throw damaged(file, 'its weights do not fit');
  const { entries, trainingMargins, validation, ...rest } = header;
  return {
    ...rest,
    hashedWeights: readWeights(bytes, headerEnd, header, file),
    trainingMargins: trainingMargins ?? undefined,
    validation: validation ?? undefined,
  };
}

/** Writes the file whole or not at all: beside its place first, then renamed. */
export async function writeModelFile(file: string, model: EmbeddedModel): Promise<void> {
  await writeWhole(file, encodeModel(model), `${file}.${randomUUID()}.tmp`);
}

/** Fails with 'invalid-model', or with the system's error where the file cannot be read. */
export async function readModelFile(file: string): Promise<EmbeddedModel> {
  return decodeModel(await readFile(file), file);
}

const checksum = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function parseHeader(json: string, file: string): Header {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw damaged(file, 'its header is not JSON');
  }
  const result = headerSchema.safeParse(value);
  if (!result.success) {
    const fields = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw damaged(file, `its header does not have the right fields (${fields})`);
  }
  const { surface, settings } = result.data;
  const known = settings.surface_features ? SURFACE_NAMES : [];
  const width = settings.surface_features ? SURFACE_COUNT : 0;
  const fits =
    surface.names.length === width &&
    known.every((name, at) => name === surface.names[at]) &&
    [surface.mean, surface.scale, surface.weights].every((list) => list.length === width);
  if (!fits) {
    const detail = 'This model was trained with other surface features than this version of Reward Studio computes.';
    throw invalid(file, detail, 'Train the model again.');
  }
  return result.data;
}

function readWeights(bytes: Buffer, start: number, header: Header, file: string): Float32Array {
  const weights = new Float32Array(2 ** header.settings.hash_bits);
  const values = start + 4 * header.entries;
  for (let entry = 0; entry < header.entries; entry++) {
    const bucket = bytes.readUInt32LE(start + 4 * entry);
    if (bucket >= weights.length) throw damaged(file, 'it has a weight out of range');
    weights[bucket] = bytes.readFloatLE(values + 4 * entry);
  }
  return weights;
}

const invalid = (file: string, message: string, hint: string): StudioError =>
  new StudioError('invalid-model', message, { where: { file }, hint });

const damaged = (file: string, detail: string): StudioError =>
  invalid(file, `This model file is damaged: ${detail}.`, 'Train the model again, or copy the file anew.');
