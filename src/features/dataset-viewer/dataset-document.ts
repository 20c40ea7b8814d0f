/** An opened dataset: its reader process, and whether a file is still the one that was opened. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { needsCopy } from '../../core/datasets/remote/needs-copy.ts';
import { shownSource } from '../../core/datasets/remote/remote-name.ts';
import { describeError, reportError, StudioError } from '../../core/errors.ts';
import type { AnswerPart } from '../../core/queries/questions.ts';
import type { RowGrades, RowGradesRequest } from '../../protocol/dataset-grades.ts';
import type { PageQuery } from '../../protocol/dataset-page-queries.ts';
import type { Fault, FileFacts, FileState, Outcome, Problem } from '../../protocol/dataset-viewer.ts';
import { DatasetQueries } from './dataset-queries.ts';
import { FileWatch } from './file-watch.ts';
import { ReaderProcess } from './reader-process.ts';
import { sourceOf } from './remote-uri.ts';
import type { ViewerServices } from './viewer-services.ts';

const RESTING: Problem = {
  cancelled: false,
  resting: true,
  message: 'Nothing has been fetched since the window was opened: that is done when you ask for it.',
};

export class DatasetDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly #services: ViewerServices;
  readonly #watch: FileWatch | undefined;
  readonly #readerEnded = new vscode.EventEmitter<Problem>();
  readonly #reloaded = new vscode.EventEmitter<void>();
  readonly #fileState = new vscode.EventEmitter<FileState>();
  readonly #fetched = new vscode.EventEmitter<number>();
  readonly queries: DatasetQueries;
  /** How a dataset on another machine is shown; undefined for files on this one. */
  readonly remote: string | undefined;
  readonly #asked: vscode.Disposable | undefined;
  #reader: ReaderProcess | undefined;
  /** A remote dataset's reader is told what to read before it is asked anything. */
  #connected: Promise<void> | undefined;
  #fetchedBytes = 0;

  readonly onDidEndReader = this.#readerEnded.event;
  readonly onDidReload = this.#reloaded.event;
  readonly onDidChangeFile = this.#fileState.event;
  /** Bytes of a remote dataset that have been fetched so far. */
  readonly onDidFetch = this.#fetched.event;

  constructor(uri: vscode.Uri, services: ViewerServices) {
    this.uri = uri;
    this.#services = services;
    this.queries = new DatasetQueries(services.runtime, uri.fsPath);
    if (uri.scheme === 'file') this.#watch = new FileWatch(uri, (state) => this.#fileState.fire(state));
    const source = sourceOf(uri);
    if (!source) return;
    this.remote = shownSource(source);
    this.#asked = services.remotes.onDidAsk((other) => {
      if (other.toString() === uri.toString() && !this.#reader) this.#restart();
    });
  }

  get onDidChangeGrades(): vscode.Event<void> {
    return this.#services.grading.onDidChange;
  }

  get fileState(): FileState {
    return this.#watch?.state ?? 'as-opened';
  }

  async facts(): Promise<FileFacts> {
    const found = this.uri.scheme === 'file' ? await stat(this.uri.fsPath).catch(() => undefined) : undefined;
    return {
      name: path.basename(this.uri.path),
      // The size of a folder is not that of its files.
      bytes: found?.isFile() ? found.size : null,
      ...(this.remote !== undefined && { remote: { address: this.remote, fetched: this.#fetchedBytes } }),
    };
  }

  /** Asks the reader, starting it when there is none; a failure becomes the sentence that the page shows. */
  async ask<T>(question: (reader: ReaderProcess) => Promise<Outcome<T, Fault>>): Promise<Outcome<T, Problem>> {
    if (this.#isResting) return { ok: false, fault: RESTING };
    try {
      const reader = this.#startedReader();
      await this.#connected;
      const outcome = await question(reader);
      return outcome.ok ? outcome : { ok: false, fault: this.#problem(outcome.fault) };
    } catch (error) {
      return { ok: false, fault: this.#problem(reportError(error)) };
    }
  }

  /** Of the answers of a row: its texts are asked for only where something grades. */
  async grades(request: RowGradesRequest, signal: AbortSignal): Promise<Outcome<RowGrades | null, Problem>> {
    let problem: Problem | undefined;
    const texts = async () => {
      const outcome = await this.ask((reader) => reader.answerTexts(request, signal));
      if (outcome.ok) return outcome.value;
      problem = outcome.fault;
      return null;
    };
    try {
      const value = await this.#services.grading.grades(texts, request.ask, signal);
      return problem ? { ok: false, fault: problem } : { ok: true, value };
    } catch (error) {
      return { ok: false, fault: this.#problem(reportError(error)) };
    }
  }

  /** Asks about the whole file, in the process for that. */
  async askQueries(
    query: PageQuery,
    signal: AbortSignal,
    onPart: (part: AnswerPart) => Promise<void>,
  ): Promise<Outcome<unknown, Problem>> {
    try {
      if (this.remote !== undefined) throw needsCopy();
      const outcome = await this.queries.ask(query, signal, onPart);
      return outcome.ok ? outcome : { ok: false, fault: this.#problem(outcome.fault) };
    } catch (error) {
      return { ok: false, fault: this.#problem(reportError(error)) };
    }
  }

  /** A fresh reader on the file as it is now; the person asked for it, and so for a remote dataset. */
  reload(): void {
    if (this.remote !== undefined) {
      try {
        this.#services.remotes.askAgain(this.uri);
      } catch (error) {
        this.#readerEnded.fire(this.#problem(reportError(error)));
        return;
      }
    }
    this.#restart();
  }

  #restart(): void {
    this.queries.end();
    this.#endReader();
    this.#watch?.renew();
    this.#reloaded.fire();
  }

  #endReader(): void {
    this.#reader?.dispose();
    this.#reader = undefined;
    this.#connected = undefined;
    this.#fetchedBytes = 0;
  }

  /** Of a remote dataset that is here from before the window was reloaded. */
  get #isResting(): boolean {
    return this.remote !== undefined && !this.#services.remotes.wasAsked(this.uri);
  }

  /** Looks at the file again: changes outside the watched folders, or while nothing watched, show only here. */
  checkFile(): void {
    void this.#watch?.check();
  }

  dispose(): void {
    this.queries.end();
    this.#endReader();
    this.#watch?.dispose();
    this.#asked?.dispose();
    if (this.remote !== undefined) this.#services.remotes.forget(this.uri);
    for (const emitter of [this.#readerEnded, this.#reloaded, this.#fileState, this.#fetched]) emitter.dispose();
  }

  #startedReader(): ReaderProcess {
    if (this.uri.scheme !== 'file' && this.remote === undefined) {
      throw new StudioError('unsupported-file', `Files of "${this.uri.scheme}:" cannot be read here.`, {
        hint: 'Save the file to disk and open it from there.',
      });
    }
    if (this.#reader) return this.#reader;
    const { remote } = this;
    const reader = new ReaderProcess(this.#services.runtime, remote === undefined ? this.uri.fsPath : { remote }, {
      onFetched: (bytes) => {
        this.#fetchedBytes = bytes;
        this.#fetched.fire(bytes);
      },
      onDeath: (fault, said) => {
        this.#services.log.error(`Dataset viewer: ${describeError(fault)}${said === '' ? '' : `\n${said}`}`);
        this.#readerEnded.fire(this.#problem(fault));
      },
    });
    this.#reader = reader;
    if (remote !== undefined) {
      this.#connected = this.#services.remotes.connection(this.uri).then((connection) => reader.connect(connection));
      // Whoever asks hears of a failure, and the next one tries again.
      this.#connected.catch(() => this.#reader === reader && this.#endReader());
    }
    return reader;
  }

  /** The page stands under the file's own name, so the sentence leaves the path out. */
  #problem(fault: Fault): Problem {
    if (fault.code === 'internal') this.#services.log.error(`Dataset viewer: ${describeError(fault)}`);
    const { file, ...place } = fault.where;
    const where = file === (this.remote ?? this.uri.fsPath) ? place : fault.where;
    return {
      cancelled: fault.code === 'cancelled',
      message: describeError({ ...fault, where }),
      ...(this.remote !== undefined && fault.code === 'unsupported-file' && { downloadable: true }),
    };
  }
}
