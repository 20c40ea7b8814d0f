import { expect, test } from 'vitest';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('workbench', {
  files: { 'notes/reply.md': 'The refund was sent this morning.\n' },
});

test('the packaged extension brings its view and its commands', async () => {
  await workbench().activityBar('Reward Studio');
  await workbench().sideBar.getByRole('heading', { name: 'Training' }).first().waitFor();
  await workbench().showCommand('Reward Studio: Train Reward Model');
  await workbench().screenshot('workbench');
  await workbench().page.keyboard.press('Escape');
});

test('a file of the workspace opens from the explorer', async () => {
  await workbench().openFile('notes/reply.md');
  await workbench().select('refund was sent');
  await workbench().screenshot('workbench-selection');
});

test('nothing leaves this machine', () => {
  expect([...workbench().foreignHosts]).toEqual([]);
});
