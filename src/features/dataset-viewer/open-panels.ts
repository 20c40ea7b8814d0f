/** The panels on datasets that are open, and which of them is in front. */

import type * as vscode from 'vscode';
import type { PageCommand } from '../../protocol/dataset-commands.ts';
import type { ShownColumnInfo } from '../../protocol/dataset-viewer.ts';

export interface OpenPanel {
  /** Of its dataset. */
  readonly uri: vscode.Uri;
  command(command: PageCommand): void;
  /** As the page said last. */
  readonly columns: readonly ShownColumnInfo[];
}

export class OpenPanels {
  readonly #panels: OpenPanel[] = [];
  /** Rows that are to be shown, by dataset: a page that is only now being made takes its own when it is there. */
  readonly #rows = new Map<string, number>();

  get active(): OpenPanel | undefined {
    return this.#panels.at(-1);
  }

  /** It is in front now. */
  focus(panel: OpenPanel): void {
    this.close(panel);
    this.#panels.push(panel);
  }

  showRow(uri: vscode.Uri, row: number): void {
    this.#rows.set(uri.toString(), row);
    this.#panels.findLast((panel) => panel.uri.toString() === uri.toString())?.command({ kind: 'show-row' });
  }

  takeRow(uri: vscode.Uri): number | undefined {
    const row = this.#rows.get(uri.toString());
    this.#rows.delete(uri.toString());
    return row;
  }

  close(panel: OpenPanel): void {
    const at = this.#panels.indexOf(panel);
    if (at >= 0) this.#panels.splice(at, 1);
  }
}
