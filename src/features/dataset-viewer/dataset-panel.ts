/** One panel on a dataset: answers its page's questions and tells it what happened to the file and the reader. */

import { createBirpc } from 'birpc';
import * as vscode from 'vscode';
import {
  type Fault,
  type HostFunctions,
  type Outcome,
  PAGE_EVENTS,
  type PageSide,
} from '../../protocol/dataset-viewer.ts';
import { OpenTickets } from '../../protocol/tickets.ts';
import { pageHtml } from '../page-html.ts';
import { chooseFile } from './choose-file.ts';
import { copyToClipboard } from './copy-to-clipboard.ts';
import type { DatasetDocument } from './dataset-document.ts';
import { downloadDataset, offerDownload } from './download-dataset.ts';
import { exportRowsOf } from './export-rows.ts';
import type { OpenPanel, OpenPanels } from './open-panels.ts';
import type { ReaderProcess } from './reader-process.ts';

export function showPanel(
  document: DatasetDocument,
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  panels: OpenPanels,
): void {
  const { webview } = panel;
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };

  const tickets = new OpenTickets();
  const relay = <T>(
    ticket: number,
    question: (reader: ReaderProcess, signal: AbortSignal) => Promise<Outcome<T, Fault>>,
  ) => tickets.answer(ticket, (signal) => document.ask((reader) => question(reader, signal)));

  /** What is done with the whole file: of a dataset on another machine, a copy is needed first. */
  const withFile = (run: () => unknown) => void (document.remote === undefined ? run() : offerDownload(document));

  const functions: HostFunctions = {
    file: () => document.facts(),
    rowToShow: async () => panels.takeRow(document.uri) ?? null,
    open: async (ticket) => {
      const summary = await relay(ticket, (reader, signal) => reader.open(signal));
      void rpc.fileState(document.fileState);
      return summary;
    },
    advise: (ticket) => relay(ticket, (reader, signal) => reader.advise(signal)),
    rows: (ticket, request) => relay(ticket, (reader, signal) => reader.rows(request, signal)),
    rowsAt: (ticket, request) => relay(ticket, (reader, signal) => reader.rowsAt(request, signal)),
    reading: (ticket, request) => relay(ticket, (reader, signal) => reader.reading(request, signal)),
    readingText: (ticket, request) => relay(ticket, (reader, signal) => reader.readingText(request, signal)),
    grades: (ticket, request) => tickets.answer(ticket, (signal) => document.grades(request, signal)),
    chooseGrader: () => void vscode.commands.executeCommand('rewardStudio.useAsGrader'),
    copyText: (text) => void vscode.env.clipboard.writeText(text),
    details: (ticket) => relay(ticket, (reader, signal) => reader.details(signal)),
    record: (ticket, request) => relay(ticket, (reader, signal) => reader.record(request, signal)),
    text: (ticket, request) => relay(ticket, (reader, signal) => reader.text(request, signal)),
    check: (ticket, request) =>
      relay(ticket, (reader, signal) =>
        reader.check(request, signal, (progress) => {
          if (!signal.aborted) void rpc.progress(ticket, progress);
        }),
      ),
    findingRows: (ticket, request) => relay(ticket, (reader, signal) => reader.findingRows(request, signal)),
    chooseFile: (purpose) => chooseFile(purpose, document.uri),
    cancel: (ticket) => tickets.cancel(ticket),
    prepare: (method) =>
      withFile(() => vscode.commands.executeCommand('rewardStudio.prepareData', document.uri, method)),
    fix: (request) => withFile(() => vscode.commands.executeCommand('rewardStudio.fixDataset', document.uri, request)),
    reload: () => document.reload(),
    copy: (request) => void copyToClipboard(document, request),
    query: (ticket, query) =>
      tickets.answer(ticket, (signal) =>
        document.askQueries(query, signal, async (part) => {
          if (!signal.aborted) await rpc.queryPart(ticket, part);
        }),
      ),
    exportRows: (source) => withFile(() => exportRowsOf(document.uri, () => document.queries.process, source)),
    rewrite: () =>
      withFile(() => exportRowsOf(document.uri, () => document.queries.process, { kind: 'rows' }, 'parquet')),
    download: () => void downloadDataset(document),
    columnsShown: (columns) => {
      shownColumns = columns;
    },
  };
  let shownColumns: OpenPanel['columns'] = [];
  const open: OpenPanel = {
    uri: document.uri,
    command: (command) => void rpc.command(command),
    get columns() {
      return shownColumns;
    },
  };
  if (panel.active) panels.focus(open);

  const subscriptions: vscode.Disposable[] = [];
  const rpc = createBirpc<PageSide, HostFunctions>(functions, {
    on: (listener) => {
      subscriptions.push(webview.onDidReceiveMessage(listener));
    },
    post: (message) => webview.postMessage(message),
    eventNames: [...PAGE_EVENTS],
  });
  subscriptions.push(
    document.onDidChangeGrades(() => rpc.gradesChanged()),
    document.onDidReload(() => rpc.reloaded()),
    document.onDidChangeFile((state) => rpc.fileState(state)),
    document.onDidFetch((bytes) => rpc.fetched(bytes)),
    document.onDidEndReader((problem) => rpc.readerEnded(problem)),
    panel.onDidChangeViewState(() => {
      if (panel.active) panels.focus(open);
      // A hidden page is gone and hears nothing; it asks anew when it is shown again.
      if (!panel.visible) tickets.cancelAll();
      else document.checkFile();
    }),
    panel.onDidDispose(() => {
      tickets.cancelAll();
      panels.close(open);
      rpc.$close();
      vscode.Disposable.from(...subscriptions).dispose();
    }),
  );
  webview.html = pageHtml(webview, folder, { folder: 'dataset', title: 'Dataset' });
}
