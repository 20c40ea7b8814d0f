/** The feature "python": the environment that the engine trl trains in. */

import type * as vscode from 'vscode';
import type { Reports } from '../reports.ts';
import { registerCommand, type Studio } from '../studio.ts';
import type { PythonChoice } from './python-choice.ts';

export const activatePython = (studio: Studio, python: PythonChoice, reports: Reports): vscode.Disposable =>
  registerCommand(studio, 'rewardStudio.setUpPython', 'Set Up Python Environment', async () => {
    const { setUpPython } = await import('./set-up-python.ts');
    return setUpPython(studio, python, reports);
  });
