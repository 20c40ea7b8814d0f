/** Switches the grades above responses and in the gutter. Both are off at first, and nothing of them is loaded then. */

import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import type { GradeCache } from '../../core/graders/grade-cache.ts';
import type { Grader } from '../../core/graders/grader.ts';
import { registerCommand, type Studio } from '../studio.ts';

const SECTION = 'rewardStudio';
const LENSES = 'grading.codeLens';
const GUTTER = 'grading.gutter';

export interface MarksSource {
  readonly grader: () => Promise<Grader | undefined>;
  readonly cache: GradeCache;
  /** Another grader grades, or other grades are kept. */
  readonly onDidChange: vscode.Event<void>;
}

export class MarksSwitch implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #source: MarksSource;
  readonly #subscriptions: readonly vscode.Disposable[];
  #shown: vscode.Disposable | undefined;
  #setting = '';

  constructor(studio: Studio, source: MarksSource) {
    this.#studio = studio;
    this.#source = source;
    this.#subscriptions = [
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.grading`)) this.#apply();
      }),
      registerCommand(studio, 'rewardStudio.toggleGradeLenses', 'Toggle Grades above Responses', () => toggle(LENSES)),
      registerCommand(studio, 'rewardStudio.toggleGutterMarks', 'Toggle Grades in the Gutter', () => toggle(GUTTER)),
    ];
    this.#apply();
  }

  dispose(): void {
    this.#setting = '';
    this.#shown?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #apply(): void {
    const [lenses, gutter] = [isOn(LENSES), isOn(GUTTER)];
    const setting = JSON.stringify([lenses, gutter]);
    if (setting === this.#setting) return;
    this.#setting = setting;
    this.#shown?.dispose();
    this.#shown = undefined;
    if (lenses || gutter)
      this.#show(setting, lenses, gutter).catch((error) => this.#studio.log.error(describeError(error)));
  }

  /** With the parsers of all languages: not while a window opens without any of it. */
  async #show(setting: string, lenses: boolean, gutter: boolean): Promise<void> {
    const { showMarks } = await import('./show-marks.ts');
    if (this.#setting !== setting) return;
    this.#shown = showMarks(this.#studio, this.#source, { lenses, gutter });
  }
}

const isOn = (setting: string): boolean => vscode.workspace.getConfiguration(SECTION).get<unknown>(setting) === true;

/** Where the setting stands: in the workspace where that has it, else in the person's own settings. */
async function toggle(setting: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const isOfWorkspace = settings.inspect(setting)?.workspaceValue !== undefined;
  const target = isOfWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update(setting, !isOn(setting), target);
}
