/** The panels on datasets that are open, and which of them is in front. */

import type { PageCommand } from '../../protocol/dataset-commands.ts';
import type { ShownColumnInfo } from '../../protocol/dataset-viewer.ts';

export interface OpenPanel {
  command(command: PageCommand): void;
  /** As the page said last. */
  readonly columns: readonly ShownColumnInfo[];
}

export class OpenPanels {
  readonly #panels: OpenPanel[] = [];

  get active(): OpenPanel | undefined {
    return this.#panels.at(-1);
  }

  /** It is in front now. */
  focus(panel: OpenPanel): void {
    this.close(panel);
    this.#panels.push(panel);
  }

  close(panel: OpenPanel): void {
    const at = this.#panels.indexOf(panel);
    if (at >= 0) this.#panels.splice(at, 1);
  }
}
