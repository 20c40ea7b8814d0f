/** "List Low Grades as Problems": the responses of a document that are under a threshold, as problems with their ranges. */

import path from 'node:path';
import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import type { GradeCache } from '../../core/graders/grade-cache.ts';
import type { Grader } from '../../core/graders/grader.ts';
import { holdsResponses } from '../../core/graders/locate/responses-in.ts';
import {
  describeLowGrade,
  type GradeMeasure,
  measuresOfScale,
  parseThreshold,
  type Threshold,
} from '../../core/graders/low-grade.ts';
import type { StoredGrading } from '../../core/gradings/grading-store.ts';
import { measuresOfGrading } from '../../core/gradings/written-grades.ts';
import { abortSignalOf, requireTrust } from '../studio.ts';
import { type GradedPlace, gradesOfDocument, gradesOfGrading } from './graded-places.ts';
import { Pause } from './pause.ts';

/** As many as the Problems view shows of one file. */
const MOST_PROBLEMS = 1_000;

export class LowGrades implements vscode.Disposable {
  readonly #grader: () => Promise<Grader | undefined>;
  readonly #cache: GradeCache;
  readonly #problems = vscode.languages.createDiagnosticCollection('rewardStudio.lowGrades');
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(grader: () => Promise<Grader | undefined>, cache: GradeCache) {
    this.#grader = grader;
    this.#cache = cache;
    this.#subscriptions = [
      this.#problems,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // What is edited is another response, and those below it are elsewhere.
        if (contentChanges.length > 0) this.#problems.delete(document.uri);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#problems.delete(uri)),
    ];
  }

  /** Of the document in front, by what grades. @throws StudioError where there is nothing that could be listed */
  async list(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !holdsResponses(document.languageId)) {
      throw new StudioError('usage', 'There is no document with responses in front.', {
        hint: 'Open JSON Lines, JSON, Markdown, plain text, Python or TypeScript as text.',
      });
    }
    const grader = await this.#grader();
    if (!grader) {
      requireTrust('Models kept in a workspace are loaded only when it is trusted.');
      throw new StudioError('not-available', 'No model grades yet.', {
        hint: 'Train one, or choose a finished run with "Use as Grader".',
      });
    }
    const threshold = await askThreshold(grader.name, measuresOfScale(grader.scale));
    if (!threshold) return;
    await this.#show(document, threshold, (pause) => gradesOfDocument(document, grader, this.#cache, pause));
  }

  /** Of a file that was graded. @throws StudioError where its rows cannot be shown, or have no such number */
  async listGraded({ spec, summary }: StoredGrading): Promise<void> {
    const where = { file: spec.output };
    if (!summary || !/\.jsonl$/i.test(spec.output)) {
      const hint = 'Write the grades as .jsonl, or filter the columns of grades in the dataset viewer.';
      throw new StudioError('not-available', 'Only rows of JSON Lines have places to list.', { where, hint });
    }
    const measures = measuresOfGrading(spec, summary.columns);
    if (measures.length === 0) {
      const hint = 'A reward alone compares only responses to one prompt.';
      throw new StudioError('not-available', 'The grades of this file have no number to compare.', { where, hint });
    }
    const threshold = await askThreshold(path.basename(spec.output), measures);
    if (!threshold) return;
    const document = await vscode.workspace.openTextDocument(spec.output);
    await vscode.window.showTextDocument(document);
    await this.#show(document, threshold, (pause) => gradesOfGrading(document, spec, summary, pause));
  }

  clear(): void {
    this.#problems.clear();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #show(document: vscode.TextDocument, threshold: Threshold, places: Places): Promise<void> {
    const { version } = document;
    const looked = await look(document, threshold, places);
    if (document.version !== version || document.isClosed) {
      throw new StudioError('not-available', 'The text was changed while it was graded.', { hint: 'Run it again.' });
    }
    this.#problems.set(document.uri, looked.problems);
    tell(document, threshold, looked);
  }
}

type Places = (pause: Pause) => AsyncIterable<GradedPlace>;

function look(document: vscode.TextDocument, threshold: Threshold, places: Places): Thenable<Looked> {
  const title = `Low grades of ${path.basename(document.uri.path)}`;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const looked: Looked = { problems: [], graded: 0, unknown: 0, isCut: false };
    let line = 0;
    for await (const place of places(new Pause(abortSignalOf(token)))) {
      const { grade, range, by } = place;
      const low = grade && describeLowGrade(grade, threshold);
      if (low !== undefined && looked.problems.length === MOST_PROBLEMS) return { ...looked, isCut: true };
      if (grade === undefined || threshold.measure.valueOf(grade) === undefined) looked.unknown += 1;
      else looked.graded += 1;
      if (low !== undefined) looked.problems.push(problemOf(place, `${low} (${by})`));
      const increment = (100 * (range.end.line - line)) / document.lineCount;
      if (increment < 1) continue;
      progress.report({ increment, message: `${looked.graded.toLocaleString('en')} graded` });
      line = range.end.line;
    }
    return looked;
  });
}

interface Looked {
  readonly problems: vscode.Diagnostic[];
  graded: number;
  /** Responses without a grade, or whose grade says nothing of this measure. */
  unknown: number;
  /** Whether there are more problems than are listed. */
  readonly isCut: boolean;
}

async function askThreshold(of: string, measures: readonly GradeMeasure[]): Promise<Threshold | undefined> {
  const items = measures.map((measure) => ({ label: measure.title, description: measure.about, measure }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `List Low Grades: ${of}`,
    placeHolder: 'By which measure?',
  });
  return picked && askNumber(picked.measure);
}

async function askNumber(measure: GradeMeasure): Promise<Threshold | undefined> {
  const wrong = (text: string): string | undefined => {
    const parsed = parseThreshold(text, measure);
    return 'problem' in parsed ? parsed.problem : undefined;
  };
  const text = await vscode.window.showInputBox({
    title: `List Low Grades: ${measure.title}`,
    prompt: `Responses below this are listed. ${measure.title}: ${measure.about}.`,
    value: String(measure.usual),
    validateInput: wrong,
  });
  const parsed = text === undefined ? undefined : parseThreshold(text, measure);
  return parsed && !('problem' in parsed) ? parsed : undefined;
}

function problemOf({ range, field }: GradedPlace, low: string): vscode.Diagnostic {
  const message = `${field === undefined ? '' : `${field}: `}${low}`;
  const problem = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  problem.source = 'Reward Studio';
  return problem;
}

function tell(
  document: vscode.TextDocument,
  { measure, below }: Threshold,
  { problems, graded, unknown, isCut }: Looked,
): void {
  const count = (value: number): string => value.toLocaleString('en');
  const parts = [
    isCut
      ? `The first ${count(MOST_PROBLEMS)} responses below ${below} are listed, up to line ${count((problems.at(-1)?.range.start.line ?? 0) + 1)} of ${count(document.lineCount)}; what comes after is not graded.`
      : `${count(problems.length)} of ${count(graded)} responses are below ${below} (${measure.title.toLowerCase()}).`,
    ...(unknown > 0 ? [`${count(unknown)} have no grade that says so.`] : []),
  ];
  if (problems.length === 0) {
    void vscode.window.showInformationMessage(parts.join(' '));
    return;
  }
  void vscode.window.showInformationMessage(parts.join(' '), 'Show Problems').then((choice) => {
    if (choice !== undefined) void vscode.commands.executeCommand('workbench.actions.view.problems');
  });
}
