import { expect, test } from 'vitest';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('workbench', {
  files: { 'notes/reply.md': 'The refund was sent this morning.\n', 'damaged.parquet': 'PAR1 and then nothing' },
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

test('a damaged file gets one clear sentence in its editor, not a blank page', async () => {
  await workbench().openFile('damaged.parquet');
  await workbench()
    .webview()
    .getByText(/cut off/)
    .first()
    .waitFor();
  await workbench().screenshot('dataset-damaged');
});

test('nothing leaves this machine', () => {
  expect([...workbench().foreignHosts]).toEqual([]);
});
