import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockRun } from '../../../src/core/runs/writer-lock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('the writer lock of a run', () => {
  it('lets in one writer at a time and names the one who holds it', async () => {
    const folder = temporaryFolder();
    const lock = await lockRun(folder);
    await expect(lockRun(folder)).rejects.toMatchObject({
      code: 'run-busy',
      message: expect.stringContaining(String(process.pid)),
    });
    lock.release();
    (await lockRun(folder)).release();
    expect(existsSync(path.join(folder, 'writer.lock'))).toBe(false);
  });

  it('is taken over from a writer that is gone, even when its pid was given to another program', async () => {
    const folder = temporaryFolder();
    const stale = { pid: process.pid, start: 'another start time', host: os.hostname() };
    writeFileSync(path.join(folder, 'writer.lock'), JSON.stringify(stale));
    (await lockRun(folder)).release();
  });

  it('is taken over by one of many who find it stale at once', async () => {
    const folder = temporaryFolder();
    const stale = { pid: process.pid, start: 'another start time', host: os.hostname() };
    writeFileSync(path.join(folder, 'writer.lock'), JSON.stringify(stale));
    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder)));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is taken over when its file is damaged', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'writer.lock'), '{"pi');
    (await lockRun(folder)).release();
  });

  it('is respected when the holder is on another machine, which cannot be asked', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'writer.lock'), JSON.stringify({ pid: 1, start: null, host: 'elsewhere' }));
    await expect(lockRun(folder)).rejects.toMatchObject({ code: 'run-busy' });
  });
});
