/** Entry point of the page of an evaluation. */

import './style.css';
import { createBirpc } from 'birpc';
import {
  EVALUATION_HOST_EVENTS,
  type EvaluationHostFunctions,
  type EvaluationPageFunctions,
} from '../../src/protocol/evaluation-page.ts';
import { EvaluationPage } from './evaluation-page.ts';
import { restoredView } from './view-state.ts';

const vscode = acquireVsCodeApi();
const page: EvaluationPage = new EvaluationPage(() => host, {
  view: restoredView(vscode.getState()),
  save: (view) => vscode.setState(view),
});
const host = createBirpc<EvaluationHostFunctions, EvaluationPageFunctions>(
  { changed: () => void page.start() },
  {
    on: (listener) => window.addEventListener('message', (event) => listener(event.data)),
    post: (message) => vscode.postMessage(message),
    eventNames: [...EVALUATION_HOST_EVENTS],
    // Data of gigabytes are hashed as long as that takes.
    timeout: -1,
  },
);
void page.start();
