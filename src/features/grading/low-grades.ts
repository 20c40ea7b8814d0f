/** "List Low Grades as Problems": the responses of a document that are under a threshold, as problems with their ranges. */

import path from 'node:path';
import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import type { GradeCache } from '../../core/graders/grade-cache.ts';
import { formatAge } from '../../core/graders/grade-card.ts';
import type { Grader } from '../../core/graders/grader.ts';
import type { Located } from '../../core/graders/locate/located.ts';
import { holdsResponses, responsesIn } from '../../core/graders/locate/responses-in.ts';
import {
  describeLowGrade,
  type GradeMeasure,
  measuresOfScale,
  parseThreshold,
  type Threshold,
} from '../../core/graders/low-grade.ts';
import { abortSignalOf, requireTrust } from '../studio.ts';
import { gradeUnasked } from './grade-unasked.ts';
import { documentTextOf } from './locate-in-document.ts';
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

  /** @throws StudioError where there is nothing that could be listed */
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
    const threshold = await askThreshold(grader);
    if (!threshold) return;
    const { version } = document;
    const looked = await this.#look(document, grader, threshold);
    if (document.version !== version || document.isClosed) {
      throw new StudioError('not-available', 'The text was changed while it was graded.', { hint: 'Run it again.' });
    }
    this.#problems.set(document.uri, looked.problems);
    tell(document, grader, threshold, looked);
  }

  clear(): void {
    this.#problems.clear();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #look(document: vscode.TextDocument, grader: Grader, threshold: Threshold): Thenable<Looked> {
    const title = `Grading ${path.basename(document.uri.path)}`;
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const pause = new Pause(abortSignalOf(token));
      const text = documentTextOf(document);
      const { languageId: language } = document;
      const looked: Looked = { problems: [], graded: 0, unknown: 0, isCut: false };
      let percent = 0;
      for (const batch of responsesIn({ text, language, range: { start: 0, end: text.length } })) {
        await pause.ifLong();
        for (const located of batch) {
          const grade = await gradeUnasked(grader, this.#cache, located, pause);
          const low = grade && describeLowGrade(grade, threshold);
          if (low !== undefined && looked.problems.length === MOST_PROBLEMS) return { ...looked, isCut: true };
          if (grade === undefined || threshold.measure.valueOf(grade) === undefined) looked.unknown += 1;
          else looked.graded += 1;
          if (grade && low !== undefined) {
            const age = grader.instant ? '' : `, graded ${formatAge(grade.provenance.gradedAt, new Date())}`;
            looked.problems.push(problemOf(document, located, `${low} (${grade.provenance.grader}${age})`));
          }
          const done = Math.floor((100 * located.end) / text.length);
          if (done > percent) progress.report({ increment: done - percent, message: `${looked.graded} graded` });
          percent = done;
        }
      }
      return looked;
    });
  }
}

interface Looked {
  readonly problems: vscode.Diagnostic[];
  graded: number;
  /** Responses without a grade, or whose grade says nothing of this measure. */
  unknown: number;
  /** Whether there are more problems than are listed. */
  readonly isCut: boolean;
}

async function askThreshold(grader: Grader): Promise<Threshold | undefined> {
  const measures = measuresOfScale(grader.scale);
  const items = measures.map((measure) => ({ label: measure.title, description: measure.about, measure }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `List Low Grades: ${grader.name}`,
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

function problemOf(document: vscode.TextDocument, { start, end, field }: Located, low: string): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const message = `${field === undefined ? '' : `${field}: `}${low}`;
  const problem = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  problem.source = 'Reward Studio';
  return problem;
}

function tell(
  document: vscode.TextDocument,
  grader: Grader,
  { measure, below }: Threshold,
  { problems, graded, unknown, isCut }: Looked,
): void {
  const count = (value: number): string => value.toLocaleString('en');
  const parts = [
    isCut
      ? `The first ${count(MOST_PROBLEMS)} responses below ${below} are listed, up to line ${count((problems.at(-1)?.range.start.line ?? 0) + 1)} of ${count(document.lineCount)}; what comes after is not graded.`
      : `${count(problems.length)} of ${count(graded)} responses are below ${below} (${measure.title.toLowerCase()}).`,
    ...(unknown > 0
      ? [`${count(unknown)} have ${grader.instant ? `no ${measure.title.toLowerCase()}` : 'no grade that was kept'}.`]
      : []),
  ];
  if (problems.length === 0) {
    void vscode.window.showInformationMessage(parts.join(' '));
    return;
  }
  void vscode.window.showInformationMessage(parts.join(' '), 'Show Problems').then((choice) => {
    if (choice !== undefined) void vscode.commands.executeCommand('workbench.actions.view.problems');
  });
}
