/** Run files as they are written, and where keys that mean nothing stand in them. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENGINES } from '../../../src/core/engines/known-engines.ts';
import { runFileProblems } from '../../../src/core/runs/run-file-problems.ts';
import { fileStem, runFileOf, runFileText, writeRunFile } from '../../../src/core/runs/run-file-text.ts';
import { parseRunFile, type RunSpec, runFileSchema } from '../../../src/core/runs/spec.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const spec: RunSpec = {
  version: 1,
  id: 'x',
  name: 'pairs',
  created_at: '2026-01-01T00:00:00.000Z',
  method: 'bradley-terry',
  data: {
    train: { path: '/data/a/train.jsonl', fingerprint: 'f', rows: 3 },
    validation: { path: '/data/b/test.jsonl', fingerprint: 'g', rows: 2 },
    map: { chosen: 'good' },
  },
  engine: 'embedded',
  target: 'local',
  seed: 7,
  settings: { epochs: 3 },
  versions: {},
};

describe('a run file made of a run', () => {
  it('asks for the same, with paths relative to its folder and every parameter said', () => {
    const text = runFileText(runFileOf(spec), '/data/a');
    const file = parseRunFile(text, 'a.rmrun.json');
    expect(file).toMatchObject({ name: 'pairs', seed: 7, data: { map: { chosen: 'good' } } });
    expect(file.data).toMatchObject({ train: 'train.jsonl', validation: '../b/test.jsonl' });
    expect(file.settings).toEqual(ENGINES.embedded?.resolveSettings({ epochs: 3 }, 'bradley-terry'));
  });

  it('is refused for a run of which only the log is here', () => {
    expect(() => runFileOf({ ...spec, engine: 'imported' })).toThrow(/trained elsewhere/);
  });

  it('never replaces another one, and does not pile up where nothing has changed', async () => {
    const folder = temporaryFolder();
    const file = runFileOf(spec);
    expect(path.basename(await writeRunFile(file, folder, 'pairs'))).toBe('pairs.rmrun.json');
    expect(path.basename(await writeRunFile(file, folder, 'pairs'))).toBe('pairs.rmrun.json');
    expect(path.basename(await writeRunFile({ ...file, seed: 8 }, folder, 'pairs'))).toBe('pairs-2.rmrun.json');
    expect(readdirSync(folder).sort()).toEqual(['pairs-2.rmrun.json', 'pairs.rmrun.json']);
    expect(JSON.parse(readFileSync(path.join(folder, 'pairs.rmrun.json'), 'utf8')).seed).toBe(7);
  });

  it('has a file name for any name, inside its folder', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const folder = '/data';
        expect(path.dirname(path.join(folder, `${fileStem(name)}.rmrun.json`))).toBe(folder);
      }),
    );
  });

  it('fails where its folder may not be written, leaving nothing', async () => {
    const folder = temporaryFolder();
    const blocked = path.join(folder, 'file');
    writeFileSync(blocked, '');
    await expect(writeRunFile(runFileOf(spec), path.join(blocked, 'sub'), 'pairs')).rejects.toThrow();
    mkdirSync(path.join(folder, 'pairs.rmrun.json'));
    await expect(writeRunFile(runFileOf(spec), folder, 'pairs')).rejects.toThrow();
  });
});

describe('a key that means nothing', () => {
  it('is found where it stands, with the one that was meant', () => {
    const text =
      '{\n  "method": "bradley-terry",\n  "data": { "trian": "a", "train": "a" },\n  "settings": { "epoch": 3 }\n}';
    const found = runFileProblems(text);
    expect(found.map(({ nearest, offset, key }) => [text.slice(offset, offset + key.length), nearest])).toEqual([
      ['trian', 'train'],
      ['epoch', 'epochs'],
    ]);
  });

  it('is found in any place of any file, and nothing else is', () => {
    const keys = Object.keys(runFileSchema.shape).filter((key) => key !== 'settings');
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...keys)), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value, null, 2);
        const expected = Object.keys(JSON.parse(text)).filter((key) => !Object.hasOwn(runFileSchema.shape, key));
        const found = runFileProblems(text).filter(({ message }) => !message.startsWith('"data.'));
        expect(found.map(({ key }) => key).sort()).toEqual(expected.sort());
      }),
    );
  });

  it('is not looked for in text that is no JSON', () => {
    expect(runFileProblems('{ "method": ')).toEqual([]);
  });
});
