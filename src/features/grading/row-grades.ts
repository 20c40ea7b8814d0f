/**
 * Grades of the answers of a row that is read in the dataset viewer, by the rules of the hover: models that grade at once
 * do so; of others what they have said before is shown, and they are asked when the person says so.
 */

import * as vscode from 'vscode';
import { describeError, toStudioError } from '../../core/errors.ts';
import type { GradeCache } from '../../core/graders/grade-cache.ts';
import { gradeCard, shortGradeLine } from '../../core/graders/grade-card.ts';
import type { Grade, GradeRequest, Grader } from '../../core/graders/grader.ts';
import type { AnswerGrade, AnswerTexts, RowGrades } from '../../protocol/dataset-grades.ts';
import type { RowGrading } from '../dataset-viewer/viewer-services.ts';

export class AnswerGrading implements RowGrading {
  readonly #grader: () => Promise<Grader | undefined>;
  readonly #cache: GradeCache;
  readonly onDidChange: vscode.Event<void>;

  constructor(grader: () => Promise<Grader | undefined>, cache: GradeCache, onDidChange: vscode.Event<void>) {
    this.#grader = grader;
    this.#cache = cache;
    this.onDidChange = onDidChange;
  }

  async grades(texts: () => Promise<AnswerTexts | null>, ask: boolean, signal: AbortSignal): Promise<RowGrades | null> {
    if (!ask && !vscode.workspace.getConfiguration('rewardStudio').get('grading.hover', true)) return null;
    const grader = await this.#grader();
    const found = grader && (await texts());
    if (!found) return null;
    const answers: RowGrades['answers'][number][] = [];
    for (const [at, { title, columns }] of found.answers.entries()) {
      answers.push({ ...(await this.#answer(grader, found, at, ask, signal)), title, columns });
    }
    return { grader: grader.name, answers };
  }

  async #answer(
    grader: Grader,
    { prompt, answers }: AnswerTexts,
    at: number,
    ask: boolean,
    signal: AbortSignal,
  ): Promise<AnswerGrade> {
    const { title, messages } = answers[at]!;
    const other = answers.length === 2 ? answers[1 - at] : undefined;
    const request: GradeRequest = { prompt, response: messages, ...(other && { sibling: other.messages }) };
    const kept = grader.instant ? undefined : this.#cache.get(grader, request);
    if (!kept && !grader.instant && !ask) return { kind: 'offer' };
    try {
      const grade = kept ?? (await this.#made(grader, request, signal));
      const options = { now: new Date(), promptKnown: prompt.length > 0, kept: kept !== undefined, field: title };
      return { kind: 'grade', line: shortGradeLine(grade), card: gradeCard(grade, options) };
    } catch (error) {
      if (signal.aborted || !toStudioError(error)) throw error;
      return { kind: 'problem', message: describeError(error) };
    }
  }

  async #made(grader: Grader, request: GradeRequest, signal: AbortSignal): Promise<Grade> {
    const grade = await grader.grade(request, signal);
    if (!grader.instant) this.#cache.set(grader, request, grade);
    return grade;
  }
}
