/**
 * The grades of the responses that are on the screen, unasked: made by a grader that is instant, or kept from before. What
 * is read is bounded, what stands on the screen comes first, and scrolling or typing ends what is under way.
 */

import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import type { GradeCache } from '../../core/graders/grade-cache.ts';
import type { Grade, Grader } from '../../core/graders/grader.ts';
import type { Located } from '../../core/graders/locate/located.ts';
import { holdsResponses, responsesIn } from '../../core/graders/locate/responses-in.ts';
import type { Studio } from '../studio.ts';
import { gradeUnasked } from './grade-unasked.ts';
import { documentTextOf } from './locate-in-document.ts';
import { Pause } from './pause.ts';
import { type Lines, linesAround } from './visible-lines.ts';

export interface ResponseMark {
  readonly range: vscode.Range;
  /** Where the response lies in its row or transcript. */
  readonly field: string | undefined;
  readonly grade: Grade;
  /** Whether the grade was made before and kept. */
  readonly kept: boolean;
}

/** A document that is longer is not read as a whole for marks; of JSON Lines this is a limit of a line. */
const LONGEST_READ = 1_000_000;
/** Responses that are graded at a time; the rest follows when the view is moved. */
const MOST_MARKS = 500;
/** Scrolling and typing come to rest first. */
const REST_MS = 200;

interface Marked {
  readonly version: number;
  /** '' where nothing grades; undefined where another may grade now. */
  readonly graderId: string | undefined;
  /** By where the response begins. */
  readonly marks: Map<number, ResponseMark>;
  /** Lines whose responses have been looked at. */
  readonly seen: Lines[];
}

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

export class ResponseMarks implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #grader: () => Promise<Grader | undefined>;
  readonly #cache: GradeCache;
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #marked = new Map<vscode.TextDocument, Marked>();
  readonly #running = new Map<vscode.TextDocument, Running>();
  #isDisposed = false;

  /** The marks of a document are others now. */
  readonly onDidChange = this.#changed.event;

  constructor(studio: Studio, grader: () => Promise<Grader | undefined>, cache: GradeCache) {
    this.#studio = studio;
    this.#grader = grader;
    this.#cache = cache;
    this.#subscriptions = [
      this.#changed,
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#look(textEditor.document)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) this.#look(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#look(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    ];
    for (const { document } of vscode.window.visibleTextEditors) this.#look(document, 0);
  }

  /** Of the text as it is now; empty where that has not been looked at yet. */
  of(document: vscode.TextDocument): readonly ResponseMark[] {
    const marked = this.#marked.get(document);
    if (marked?.version !== document.version) return [];
    return [...marked.marks.values()].sort((one, other) => one.range.start.compareTo(other.range.start));
  }

  /** Settles when the text as it is now has been looked at, or when nobody wants to know any more. */
  async settled(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<void> {
    while (!token.isCancellationRequested && this.#marked.get(document)?.version !== document.version) {
      const running = this.#running.get(document) ?? this.#look(document, 0);
      if (!running) return;
      await running.done;
    }
  }

  /** Another model grades, or other grades are kept. */
  refresh(): void {
    for (const document of this.#marked.keys()) if (!isVisible(document)) this.#forget(document);
    for (const { document } of vscode.window.visibleTextEditors) {
      const marked = this.#marked.get(document);
      if (marked) this.#marked.set(document, { ...marked, graderId: undefined });
      this.#look(document, 0);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { abort } of this.#running.values()) abort.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #forget(document: vscode.TextDocument): void {
    this.#running.get(document)?.abort.abort();
    this.#marked.delete(document);
  }

  /** Looks anew, in place of what is under way. */
  #look(document: vscode.TextDocument, restMs = REST_MS): Running | undefined {
    this.#running.get(document)?.abort.abort();
    if (this.#isDisposed || !isMarkable(document) || !isVisible(document)) return undefined;
    const abort = new AbortController();
    const { version } = document;
    const done = this.#read(document, restMs, abort.signal)
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        this.#studio.log.error(`grades beside the text: ${describeError(error)}`);
        // Not tried again before something changes.
        this.#marked.set(document, { version, graderId: undefined, marks: new Map(), seen: [] });
      })
      .finally(() => {
        if (this.#running.get(document)?.abort === abort) this.#running.delete(document);
      });
    const running = { abort, done };
    this.#running.set(document, running);
    return running;
  }

  async #read(document: vscode.TextDocument, restMs: number, signal: AbortSignal): Promise<void> {
    const pause = new Pause(signal);
    await pause.rest(restMs);
    const grader = await this.#grader();
    await pause.ifLong();
    const { version } = document;
    const before = this.#marked.get(document);
    const goesOn = before?.version === version && before.graderId === (grader?.id ?? '');
    const marks = new Map(goesOn ? before.marks : []);
    const seen = goesOn ? before.seen : [];
    const lines = linesAround(document, seen);
    if (goesOn && lines.length === 0) return;
    const left = grader ? await this.#grade(document, lines, grader, marks, pause) : 0;
    if (signal.aborted || document.isClosed || document.version !== version) return;
    const nowSeen = left > 0 ? seen : [...seen, ...lines];
    this.#marked.set(document, { version, graderId: grader?.id ?? '', marks, seen: nowSeen });
    if (!goesOn || marks.size > before.marks.size) this.#changed.fire(document);
  }

  /** @returns how many responses there are more than are graded at a time */
  async #grade(
    document: vscode.TextDocument,
    lines: readonly Lines[],
    grader: Grader,
    marks: Map<number, ResponseMark>,
    pause: Pause,
  ): Promise<number> {
    const text = documentTextOf(document);
    const most = marks.size + MOST_MARKS;
    let left = 0;
    for (const { first, last } of lines) {
      const start = document.offsetAt(new vscode.Position(first, 0));
      const range = { start, end: document.offsetAt(document.lineAt(last).range.end) };
      for (const batch of responsesIn({ text, language: document.languageId, range, longest: LONGEST_READ })) {
        for (const located of batch) {
          if (marks.has(located.start)) continue;
          if (marks.size >= most) left += 1;
          else await this.#mark(document, located, grader, marks, pause);
        }
        await pause.ifLong();
      }
    }
    return left;
  }

  async #mark(
    document: vscode.TextDocument,
    located: Located,
    grader: Grader,
    marks: Map<number, ResponseMark>,
    pause: Pause,
  ): Promise<void> {
    const grade = await gradeUnasked(grader, this.#cache, located, pause);
    if (grade === undefined) return;
    const range = new vscode.Range(document.positionAt(located.start), document.positionAt(located.end));
    marks.set(located.start, { range, field: located.field, grade, kept: !grader.instant });
  }
}

/** Cells of notebooks are documents of their own, which have no visible range. */
const isMarkable = ({ languageId, uri }: vscode.TextDocument): boolean =>
  holdsResponses(languageId) && uri.scheme !== 'vscode-notebook-cell';

const isVisible = (document: vscode.TextDocument): boolean =>
  vscode.window.visibleTextEditors.some((editor) => editor.document === document);
