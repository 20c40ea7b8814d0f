import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/main.mjs';
import { useWorkbench } from './use-workbench.ts';

const workbench = useWorkbench('high-contrast', {
  workspace: path.join(root, 'examples'),
  viewport: { width: 1440, height: 900 },
  settings: { 'workbench.colorTheme': 'Default High Contrast' },
});

const page = () => workbench().webview();
const show = (view: string) => page().getByRole('tab', { name: view, exact: true }).click();

test('every view of a dataset can be read in high contrast', async () => {
  await workbench().openFile('bradley-terry/train.parquet');
  await page().locator('body.vscode-high-contrast').waitFor();
  await page().locator('.grid-row[data-row="3"] [role=gridcell]').first().click();
  await page().getByRole('article', { name: 'rejected' }).waitFor();
  await page().locator('.head .sparkline').first().waitFor();
  await workbench().screenshot('viewer-data-high-contrast');
  await show('Statistics');
  await page()
    .getByText(/^325 rows in/)
    .waitFor();
  await workbench().screenshot('viewer-statistics-high-contrast');
  await show('SQL');
  await page().getByRole('textbox', { name: /^SQL/ }).fill('SELECT margin, count(*) AS n FROM data GROUP BY margin');
  await page().getByRole('button', { name: 'Run' }).click();
  await page().locator('.sql-result td').first().waitFor();
  await workbench().screenshot('viewer-sql-high-contrast');
  await show('Dataset');
  await page().getByText('page index').first().waitFor();
  await workbench().screenshot('viewer-dataset-high-contrast');
  await page().getByRole('tab', { name: 'Checks' }).click();
  await expect.poll(() => page().locator('#view-checks').getByRole('listitem').count()).toBeGreaterThan(0);
  await workbench().screenshot('viewer-checks-high-contrast');
});
