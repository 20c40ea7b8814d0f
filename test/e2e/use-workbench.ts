import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { Workbench, type WorkbenchOptions } from './workbench.ts';

/**
 * One workbench for the tests of a file. A failed test leaves a screenshot, and no file of tests may have spoken to a
 * host other than this one. Each test goes on from where the one before it left the window: after one that failed the
 * rest is skipped.
 *
 *     const workbench = useWorkbench('training', { workspace: examples });
 *     test('trains', async () => {
 *       await workbench().runCommand('Reward Studio: Train Reward Model');
 *       await workbench().pick('Bradley-Terry');
 *     });
 */
export function useWorkbench(name: string, options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  let failed: string | undefined;
  beforeAll(async () => {
    workbench = await Workbench.start({ name, ...options });
  });
  beforeEach(({ skip }) => skip(failed !== undefined, `"${failed}" failed, from which this would go on`));
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    failed = task.name;
    await workbench?.screenshot(`failed-${name}-${task.name}`);
  });
  afterAll(async () => {
    await workbench?.close();
    if (workbench) expect([...workbench.foreignHosts]).toEqual([]);
  });
  return () => {
    if (!workbench) throw new Error('The workbench is there only inside tests.');
    return workbench;
  };
}
