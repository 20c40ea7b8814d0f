import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedModel } from '../../../src/core/engines/embedded/model.ts';
import {
  decodeModel,
  encodeModel,
  MODEL_FILE_NAME,
  readModelFile,
  writeModelFile,
} from '../../../src/core/engines/embedded/model-file.ts';
import { trainEmbedded } from '../../../src/core/engines/embedded/train.ts';
import { DATA, plantedPairs } from './planted-data.ts';

let folder: string;
let model: EmbeddedModel;
let bytes: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'model-file-'));
  ({ model } = await trainEmbedded({ method: 'bradley-terry', records: plantedPairs(60), seed: 1, data: DATA }));
  bytes = encodeModel(model);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a model file', () => {
  it('reads back as it was written', async () => {
    const file = path.join(folder, MODEL_FILE_NAME);
    await writeModelFile(file, model);
    const { hashedWeights, ...rest } = await readModelFile(file);
    const { hashedWeights: written, ...others } = model;
    expect(rest).toEqual(others);
    expect(Buffer.from(hashedWeights.buffer).equals(Buffer.from(written.buffer))).toBe(true);
    expect(await readdir(folder)).toEqual([MODEL_FILE_NAME]);
  });

  it('is small and keeps only weights that are not zero', () => {
    const kept = model.hashedWeights.filter((weight) => weight !== 0).length;
    expect(kept).toBeGreaterThan(50);
    expect(bytes.length).toBeLessThan(8 * kept + 20_000);
  });

  it('is not left half-written where its place cannot be written', async () => {
    const before = await readdir(folder);
    await expect(writeModelFile(path.join(folder, 'absent', 'm.rsm'), model)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder)).toEqual(before);
  });

  it('that does not exist fails with the error of the system', async () => {
    await expect(readModelFile(path.join(folder, 'absent.rsm'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a bad model file is an invalid-model that names the file', () => {
  const refusal = (changed: Buffer) => {
    try {
      decodeModel(changed, 'bad.rsm');
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(bytes);
    copy[at < 0 ? copy.length + at : at] = value;
    return copy;
  };
  const expectInvalid = (file: Buffer, message: RegExp) =>
    expect(refusal(file)).toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(message),
      where: { file: 'bad.rsm' },
      hint: expect.any(String),
    });

  it('empty, or of another kind', () => {
    expectInvalid(Buffer.alloc(0), /not a model/);
    expectInvalid(Buffer.from('{"weights": [1, 2]}'), /not a model/);
  });

  it('cut anywhere', () => {
    for (const length of [8, 12, 40, 500, bytes.length - 33, bytes.length - 1])
      expectInvalid(bytes.subarray(0, length), /damaged/);
  });

  it('with any byte changed or something appended', () => {
    expectInvalid(changed(100, 0), /checksum/);
    expectInvalid(changed(-40, bytes.at(-40)! ^ 1), /checksum/);
    expectInvalid(changed(-1, bytes.at(-1)! ^ 1), /checksum/);
    expectInvalid(Buffer.concat([bytes, Buffer.from('x')]), /checksum/);
  });

  it('of a newer version', () => {
    expectInvalid(changed(8, 2), /format 2.*reads up to 1/);
  });

  it('with the surface features of another version', () => {
    const other = { ...model, surface: { ...model.surface, names: model.surface.names.map((name) => `${name}-2`) } };
    expectInvalid(encodeModel(other), /other surface features/);
  });

  it('with a header of the wrong shape', () => {
    const { thresholds: _, ...without } = model;
    expectInvalid(encodeModel(without as EmbeddedModel), /damaged.*thresholds/);
  });

  it('as text in a real file', async () => {
    const file = path.join(folder, 'text.rsm');
    await writeFile(file, 'hello');
    await expect(readModelFile(file)).rejects.toMatchObject({ code: 'invalid-model', where: { file } });
    await rm(file);
  });
});
