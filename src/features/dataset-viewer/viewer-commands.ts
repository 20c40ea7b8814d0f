/** Commands of menus, keys and palette for the dataset that is open in front. */

import * as vscode from 'vscode';
import type { ColumnAction, PageCommand } from '../../protocol/dataset-commands.ts';
import type { CopyFormat, CopyWhat } from '../../protocol/dataset-copy.ts';
import type { OpenPanels } from './open-panels.ts';

/** What VS Code passes to a command of a webview's context menu: what the page said about the element. */
interface MenuContext {
  readonly row?: number;
  readonly column?: number;
}

export function registerViewerCommands(panels: OpenPanels): vscode.Disposable {
  const command = (name: string, run: (context: MenuContext | undefined) => void | Promise<void>) =>
    vscode.commands.registerCommand(`rewardStudio.dataset.${name}`, run);
  const send = (pageCommand: PageCommand) => panels.active?.command(pageCommand);
  const copy = (what: CopyWhat, format: CopyFormat) => (context: MenuContext | undefined) => {
    const { row, column } = context ?? {};
    send({
      kind: 'copy',
      what,
      format,
      place: { ...(row !== undefined && { row }), ...(column !== undefined && { column }) },
    });
  };
  const onColumn = (action: ColumnAction) => async (context: MenuContext | undefined) => {
    const column = context?.column ?? (await pickColumn(panels, 'Column'));
    if (column !== undefined) send({ kind: 'column', action, column });
  };
  return vscode.Disposable.from(
    command('find', () => send({ kind: 'find' })),
    command('goToRow', () => send({ kind: 'go-to-row' })),
    command('exportRows', () => send({ kind: 'export' })),
    command('goToColumn', async () => {
      const column = await pickColumn(panels, 'Go to Column');
      if (column !== undefined) send({ kind: 'go-to-column', column });
    }),
    command('showColumns', () => showColumns(panels)),
    command('copyCell', copy('cell', 'text')),
    command('copyCellJson', copy('cell', 'json')),
    command('copyCellCsv', copy('cell', 'csv')),
    command('copyRow', copy('row', 'text')),
    command('copyRowJson', copy('row', 'json')),
    command('copyRowCsv', copy('row', 'csv')),
    command('copyColumn', copy('column', 'text')),
    command('copyColumnJson', copy('column', 'json')),
    command('copyColumnCsv', copy('column', 'csv')),
    command('hideColumn', onColumn('hide')),
    command('pinColumn', onColumn('pin')),
    command('unpinColumn', onColumn('unpin')),
    command('sortAscending', onColumn('sort-ascending')),
    command('sortDescending', onColumn('sort-descending')),
    command('filterColumn', onColumn('filter')),
  );
}

async function pickColumn(panels: OpenPanels, title: string): Promise<number | undefined> {
  const columns = panels.active?.columns ?? [];
  const items = columns.map(({ name, type }, index) => ({ label: name || '(no name)', description: type, index }));
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return picked?.index;
}

async function showColumns(panels: OpenPanels): Promise<void> {
  const panel = panels.active;
  if (!panel) return;
  const items = panel.columns.map(({ name, type, shown }, index) => ({
    label: name || '(no name)',
    description: type,
    picked: shown,
    index,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Columns to Show', canPickMany: true });
  if (!picked) return;
  if (picked.length === 0) {
    void vscode.window.showWarningMessage('At least one column has to be shown.');
    return;
  }
  panel.command({ kind: 'show-columns', columns: picked.map(({ index }) => index) });
}
