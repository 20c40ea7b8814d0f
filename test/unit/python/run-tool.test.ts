import { describe, expect, it } from 'vitest';
import { runTool } from '../../../src/core/python/run-tool.ts';
import { processStart } from '../../../src/core/targets/process-identity.ts';

const options = (onLine: (line: string) => void = () => {}) => ({
  signal: new AbortController().signal,
  env: {},
  onLine,
});

describe('a tool that installs', () => {
  it('is heard line by line, with what it says on either output, and tells whether it failed', async () => {
    const lines: string[] = [];
    const script = 'console.log("one"); console.error("two"); process.exitCode = 3';
    const { failed, said } = await runTool(process.execPath, ['-e', script], options(lines.push.bind(lines)));
    expect(failed).toBe(true);
    expect([...said].sort()).toEqual(['one', 'two']);
    expect(lines).toEqual(said);
  });

  it('that cannot be started has failed', async () => {
    expect(await runTool('/nowhere/pip', [], options())).toMatchObject({ failed: true, said: [] });
  });

  it.skipIf(process.platform === 'win32')(
    'ends, when it is cancelled, with all that it has started, also with what does not heed an interrupt',
    async () => {
      const controller = new AbortController();
      const pids: number[] = [];
      // A shell's background process ignores interrupts.
      const script = 'sleep 600 & echo $!; echo $$; wait';
      const ended = runTool('sh', ['-c', script], {
        ...options((line) => {
          pids.push(Number(line));
          if (pids.length === 2) controller.abort();
        }),
        signal: controller.signal,
      });
      await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
      for (const pid of pids) await expect.poll(() => processStart(pid)).toBeUndefined();
    },
  );
});
