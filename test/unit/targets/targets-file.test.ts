import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import {
  readTargets,
  targetsFilePath,
  targetsJsonSchema,
  writeTarget,
} from '../../../src/core/targets/remote/targets-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('the list of targets', () => {
  it('is empty where there is none, takes targets and gives them up, and git keeps it', async () => {
    const base = temporaryFolder();
    expect(await readTargets(base)).toEqual({});
    await writeTarget(base, 'ssh:box', { python: '~/env/bin/python' });
    await writeTarget(base, 'ssh:other', {});
    expect(await readTargets(base)).toEqual({ 'ssh:box': { python: '~/env/bin/python' }, 'ssh:other': {} });
    await writeTarget(base, 'ssh:box', undefined);
    expect(await readTargets(base)).toEqual({ 'ssh:other': {} });
    expect(readFileSync(path.join(base, '.reward-studio', '.gitignore'), 'utf8')).toContain('!targets.json');
  });

  it.each([
    ['{"version": 1, "targets": ', /is not JSON/],
    ['{"version": 1, "targets": {"box": {}}}', /targets\.box: is no name of a target: write ssh:HOST/],
    ['{"version": 1, "targets": {"ssh:box": {"pyton": "x"}}}', /"targets\.ssh:box\.pyton" is not known/],
    ['{"version": 1, "targets": {"ssh:box": {"python": ""}}}', /must not be empty/],
  ])('that is %s is refused with what is wrong, here and by its JSON Schema', async (text, message) => {
    const base = temporaryFolder();
    mkdirSync(path.dirname(targetsFilePath(base)));
    writeFileSync(targetsFilePath(base), text);
    await expect(readTargets(base)).rejects.toThrow(message);
    if (!message.source.includes('JSON')) {
      expect(new Ajv({ strict: false }).compile(targetsJsonSchema())(JSON.parse(text))).toBe(false);
    }
  });
});
