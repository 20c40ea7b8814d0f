import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunDraft } from '../../../src/core/runs/prepare.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const draft = (name: string): RunDraft => ({
  name,
  method: 'bradley-terry',
  data: { train: { path: '/data/pairs.parquet', fingerprint: 'sha256:00', rows: 100 } },
  engine: 'embedded',
  target: 'local',
  seed: 42,
  settings: { epochs: 3 },
  versions: { reward_studio: '0.1.0' },
});

describe('the run store', () => {
  it('has no runs before there is any', async () => {
    expect(await new RunStore(temporaryFolder()).list()).toEqual({ runs: [], problems: [] });
  });

  it('gives a run back as it was created, newest first', async () => {
    const store = new RunStore(temporaryFolder());
    const first = await store.create(draft('Support pairs'));
    const second = await store.create(draft('../odd "name" \u202e'));
    const { runs } = await store.list();
    expect(new Set(runs.map((run) => run.spec.id))).toEqual(new Set([first.spec.id, second.spec.id]));
    expect((await store.find(first.spec.id)).spec).toEqual(first.spec);
    expect(path.dirname(second.folder.path)).toBe(store.runsFolder);
  });

  it('hides itself from git', async () => {
    const base = temporaryFolder();
    await new RunStore(base).create(draft('x'));
    expect(readFileSync(path.join(base, '.reward-studio', '.gitignore'), 'utf8')).toBe(
      '*\n!graders.json\n!targets.json\n',
    );
  });

  it('lists what it can read and tells of the rest', async () => {
    const store = new RunStore(temporaryFolder());
    await store.create(draft('good'));
    const broken = path.join(store.runsFolder, '20260101-000000-broken-0000');
    mkdirSync(broken);
    writeFileSync(path.join(broken, 'run.json'), '{"version": 1, "name": ');
    const { runs, problems } = await store.list();
    expect(runs.map((run) => run.spec.name)).toEqual(['good']);
    expect(problems).toMatchObject([{ folder: broken, error: { code: 'invalid-run' } }]);
  });

  it('finds a run by name or the start of its id, and asks when more than one is meant', async () => {
    const store = new RunStore(temporaryFolder());
    const one = await store.create(draft('one'));
    await store.create(draft('twin'));
    await store.create(draft('twin'));
    expect((await store.find('one')).spec.id).toBe(one.spec.id);
    await expect(store.find('twin')).rejects.toMatchObject({
      code: 'run-not-found',
      hint: expect.stringContaining('twin'),
    });
    await expect(store.find('absent')).rejects.toMatchObject({ code: 'run-not-found' });
  });
});
