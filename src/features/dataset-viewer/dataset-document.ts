/** An opened dataset file: its reader process, and whether the file is still the one that was opened. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { describeError, reportError, StudioError } from '../../core/errors.ts';
import type { AnswerPart } from '../../core/queries/questions.ts';
import type { PageQuery } from '../../protocol/dataset-page-queries.ts';
import type { Fault, FileFacts, FileState, Outcome, Problem } from '../../protocol/dataset-viewer.ts';
import { DatasetQueries } from './dataset-queries.ts';
import { FileWatch } from './file-watch.ts';
import { ReaderProcess } from './reader-process.ts';
import type { ViewerServices } from './viewer-services.ts';

export class DatasetDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly #services: ViewerServices;
  readonly #watch: FileWatch | undefined;
  readonly #readerEnded = new vscode.EventEmitter<Problem>();
  readonly #reloaded = new vscode.EventEmitter<void>();
  readonly #fileState = new vscode.EventEmitter<FileState>();
  readonly queries: DatasetQueries;
  #reader: ReaderProcess | undefined;

  readonly onDidEndReader = this.#readerEnded.event;
  readonly onDidReload = this.#reloaded.event;
  readonly onDidChangeFile = this.#fileState.event;

  constructor(uri: vscode.Uri, services: ViewerServices) {
    this.uri = uri;
    this.#services = services;
    this.queries = new DatasetQueries(services.runtime, uri.fsPath);
    if (uri.scheme === 'file') this.#watch = new FileWatch(uri, (state) => this.#fileState.fire(state));
  }

  get fileState(): FileState {
    return this.#watch?.state ?? 'as-opened';
  }

  async facts(): Promise<FileFacts> {
    const found = this.uri.scheme === 'file' ? await stat(this.uri.fsPath).catch(() => undefined) : undefined;
    // The size of a folder is not that of its files.
    return { name: path.basename(this.uri.path), bytes: found?.isFile() ? found.size : null };
  }

  /** Asks the reader, starting it when there is none; a failure becomes the sentence that the page shows. */
  async ask<T>(question: (reader: ReaderProcess) => Promise<Outcome<T, Fault>>): Promise<Outcome<T, Problem>> {
    try {
      const outcome = await question(this.#startedReader());
      return outcome.ok ? outcome : { ok: false, fault: this.#problem(outcome.fault) };
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
      const outcome = await this.queries.ask(query, signal, onPart);
      return outcome.ok ? outcome : { ok: false, fault: this.#problem(outcome.fault) };
    } catch (error) {
      return { ok: false, fault: this.#problem(reportError(error)) };
    }
  }

  /** A fresh reader on the file as it is now. */
  reload(): void {
    this.queries.end();
    this.#reader?.dispose();
    this.#reader = undefined;
    this.#watch?.renew();
    this.#reloaded.fire();
  }

  /** Looks at the file again: changes outside the watched folders, or while nothing watched, show only here. */
  checkFile(): void {
    void this.#watch?.check();
  }

  dispose(): void {
    this.queries.end();
    this.#reader?.dispose();
    this.#watch?.dispose();
    for (const emitter of [this.#readerEnded, this.#reloaded, this.#fileState]) emitter.dispose();
  }

  #startedReader(): ReaderProcess {
    if (this.uri.scheme !== 'file') {
      throw new StudioError('unsupported-file', `Files of "${this.uri.scheme}:" cannot be read here.`, {
        hint: 'Save the file to disk and open it from there.',
      });
    }
    this.#reader ??= new ReaderProcess(this.#services.runtime, this.uri.fsPath, {
      onDeath: (fault, said) => {
        this.#services.log.error(`Dataset viewer: ${describeError(fault)}${said === '' ? '' : `\n${said}`}`);
        this.#readerEnded.fire(this.#problem(fault));
      },
    });
    return this.#reader;
  }

  /** The page stands under the file's own name, so the sentence leaves the path out. */
  #problem(fault: Fault): Problem {
    if (fault.code === 'internal') this.#services.log.error(`Dataset viewer: ${describeError(fault)}`);
    const { file, ...place } = fault.where;
    const where = file === this.uri.fsPath ? place : fault.where;
    return { cancelled: fault.code === 'cancelled', message: describeError({ ...fault, where }) };
  }
}
