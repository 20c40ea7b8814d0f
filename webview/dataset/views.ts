/** Which view of the dataset is shown: its rows with their tool bar, or the checks. */

import type { ToolBar } from './bars.ts';
import type { Checks } from './checks.ts';
import type { View } from './place.ts';
import type { ViewTabs } from './tabs.ts';

export class Views {
  readonly #tabs: ViewTabs;
  readonly #toolBar: ToolBar;
  readonly #content: HTMLElement;
  readonly #checks: Checks;

  constructor(tabs: ViewTabs, toolBar: ToolBar, content: HTMLElement, checks: Checks) {
    this.#tabs = tabs;
    this.#toolBar = toolBar;
    this.#content = content;
    this.#checks = checks;
  }

  show(view: View): void {
    const data = view === 'data';
    this.#tabs.show(view);
    this.#toolBar.element.hidden = !data;
    this.#content.hidden = !data;
    if (data) this.#checks.hide();
    else this.#checks.show();
    this.#checks.strip.setVisible(data);
  }

  /** Only the content: what stands there (an error, an empty dataset) has no other view. */
  showContentAlone(): void {
    this.#tabs.hide();
    this.#toolBar.hide();
    this.#checks.hide();
    this.#content.hidden = false;
  }
}
