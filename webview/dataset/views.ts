/** Which view of the dataset is shown. */

import type { View } from './place.ts';
import type { ViewTabs } from './tabs.ts';

export interface ShownView {
  show(): void;
  hide(): void;
}

export class Views {
  readonly #tabs: ViewTabs;
  readonly #views: Readonly<Record<View, ShownView>>;

  constructor(tabs: ViewTabs, views: Readonly<Record<View, ShownView>>) {
    this.#tabs = tabs;
    this.#views = views;
  }

  show(view: View): void {
    this.#tabs.show(view);
    this.#showOnly(view);
  }

  /** Without the tabs: what stands there (an error) has no other view. */
  showAlone(view: View): void {
    this.#tabs.hide();
    this.#showOnly(view);
  }

  #showOnly(view: View): void {
    for (const [name, other] of Object.entries(this.#views)) if (name !== view) other.hide();
    this.#views[view].show();
  }
}
