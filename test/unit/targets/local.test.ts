import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { localTarget } from '../../../src/core/targets/local.ts';
import { isSameProcess, processStart } from '../../../src/core/targets/process-identity.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const GRACE = { checkpointMs: 0, signalMs: 200 };

function launch(program: string) {
  const folder = temporaryFolder();
  const script = path.join(folder, 'program.mjs');
  writeFileSync(script, program);
  const logFile = path.join(folder, 'trainer.log');
  const command = { file: process.execPath, args: [script], env: {} };
  return { logFile, launched: localTarget.launch({ command, workingFolder: folder, logFile }) };
}

describe('the local target', () => {
  it('writes what the process prints into the log and tells how it ended', async () => {
    const { logFile, launched } = launch('console.log("out"); console.error("err"); process.exitCode = 7;');
    expect(await (await launched).exited).toEqual({ code: 7, signal: null });
    expect(readFileSync(logFile, 'utf8')).toBe('out\nerr\n');
  });

  it('fails with the name of a program that cannot be started', async () => {
    const folder = temporaryFolder();
    const command = { file: path.join(folder, 'no-such-program'), args: [], env: {} };
    const launched = localTarget.launch({ command, workingFolder: folder, logFile: path.join(folder, 'log') });
    await expect(launched).rejects.toMatchObject({ code: 'trainer-died', where: { file: command.file } });
  });

  it('stops a process that ignores the polite request, and what it started', async () => {
    const { logFile, launched } = launch(`
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
      console.log(child.pid);
      setInterval(() => {}, 1000);
    `);
    const { pid, processStart: start, exited } = await launched;
    const childPid = await firstLine(logFile);
    const childStart = await processStart(childPid);
    await localTarget.stop({ pid, processStart: start ?? null }, GRACE);
    expect((await exited).signal).toBe('SIGKILL');
    expect(await isSameProcess(childPid, childStart ?? null)).toBe(false);
  });

  it('never stops another process that was given the same pid', async () => {
    const { launched } = launch('setTimeout(() => {}, 60_000);');
    const { pid, processStart: start } = await launched;
    await localTarget.stop({ pid, processStart: 'the start time of a process long gone' }, GRACE);
    expect(await isSameProcess(pid, start ?? null)).toBe(true);
    await localTarget.stop({ pid, processStart: start ?? null }, GRACE);
    expect(await isSameProcess(pid, start ?? null)).toBe(false);
  });
});

/** Waits for the program to have printed a number. */
async function firstLine(file: string): Promise<number> {
  for (;;) {
    const match = /^(\d+)\n/.exec(readFileSync(file, 'utf8'));
    if (match) return Number(match[1]);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
