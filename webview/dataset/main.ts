/** Entry point of the dataset viewer's page. */

import './style.css';
import { connectToHost } from './host.ts';
import { restoredPlace } from './place.ts';
import { Viewer } from './viewer.ts';

const vscode = acquireVsCodeApi();
const viewer: Viewer = new Viewer(() => host, {
  place: restoredPlace(vscode.getState()),
  save: (place) => vscode.setState(place),
});
const host = connectToHost((message) => vscode.postMessage(message), {
  fileState: (state) => viewer.fileState(state),
  fetched: (bytes) => viewer.fetched(bytes),
  readerEnded: (problem) => viewer.readerEnded(problem),
  reloaded: () => viewer.reloaded(),
  command: (command) => viewer.command(command),
  gradesChanged: () => viewer.gradesChanged(),
});
void viewer.start();
