/** A quick pick that is one step of several: it knows its place, and may be stepped back from. */

import * as vscode from 'vscode';

export interface StepItem<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

export interface Step<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly step: number;
  readonly totalSteps: number;
  /** May take its time: the pick shows that it is busy. */
  readonly items: Promise<readonly StepItem<T>[]> | readonly StepItem<T>[];
  /** The same entries, once more is known of them. */
  readonly later?: Promise<readonly StepItem<T>[]>;
}

export type StepAnswer<T> = { readonly value: T } | 'back' | undefined;

/** The value picked, 'back', or undefined when the pick was dismissed. Items without a value cannot be picked. */
export async function pickStep<T>(step: Step<T>): Promise<StepAnswer<T>> {
  const pick = vscode.window.createQuickPick<StepItem<T>>();
  pick.title = step.title;
  pick.placeholder = step.placeholder;
  if (step.totalSteps > 1) {
    pick.step = step.step;
    pick.totalSteps = step.totalSteps;
  }
  pick.matchOnDescription = true;
  pick.ignoreFocusOut = true;
  pick.buttons = step.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  const answer = new Promise<StepAnswer<T>>((resolve, reject) => {
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0];
      if (chosen?.value !== undefined) resolve({ value: chosen.value });
    });
    pick.onDidTriggerButton(() => resolve('back'));
    pick.onDidHide(() => resolve(undefined));
    if ('then' in step.items) {
      pick.busy = true;
      step.items.then((items) => {
        pick.items = items;
        pick.busy = false;
      }, reject);
    } else {
      pick.items = step.items;
    }
    step.later?.then((items) => refresh(pick, items), reject);
    pick.show();
  });
  try {
    return await answer;
  } finally {
    pick.dispose();
  }
}

/** The entry under the cursor stays there. A pick that is gone takes it too. */
function refresh<T extends vscode.QuickPickItem>(pick: vscode.QuickPick<T>, items: readonly T[]): void {
  const active = pick.activeItems[0]?.label;
  pick.keepScrollPosition = true;
  pick.items = items;
  pick.activeItems = items.filter(({ label }) => label === active);
}
