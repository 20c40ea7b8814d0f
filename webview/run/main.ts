/** Entry point of the training panel's page. */

import 'uplot/dist/uPlot.min.css';
import './style.css';
import { connectToHost } from './host.ts';
import { RunPage } from './run-page.ts';
import { restoredView } from './view-state.ts';

const vscode = acquireVsCodeApi();
const page: RunPage = new RunPage(() => host, {
  view: restoredView(vscode.getState()),
  save: (view) => vscode.setState(view),
});
const host = connectToHost((message) => vscode.postMessage(message), {
  changed: (folder) => page.changed(folder),
  runsChanged: (runs) => page.runsChanged(runs),
  followerEnded: (problem) => page.followerEnded(problem),
});
void page.start();
