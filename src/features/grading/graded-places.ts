/** Responses of a document with their places and their grades: as they are made or were kept, or as a file has them. */

import * as vscode from 'vscode';
import type { GradeCache } from '../../core/graders/grade-cache.ts';
import { formatAge } from '../../core/graders/grade-card.ts';
import type { Grader } from '../../core/graders/grader.ts';
import type { Located } from '../../core/graders/locate/located.ts';
import { responsesIn } from '../../core/graders/locate/responses-in.ts';
import type { MeasuredGrade } from '../../core/graders/low-grade.ts';
import type { GradingSpec, GradingSummary } from '../../core/gradings/grading-store.ts';
import { gradesInRow } from '../../core/gradings/written-grades.ts';
import { gradeUnasked } from './grade-unasked.ts';
import { documentTextOf } from './locate-in-document.ts';
import type { Pause } from './pause.ts';

export interface GradedPlace {
  readonly range: vscode.Range;
  /** Where the response lies in its row or transcript. */
  readonly field: string | undefined;
  /** Undefined where nobody has graded it. */
  readonly grade: MeasuredGrade | undefined;
  /** The grader, and how old a grade is that was made before. */
  readonly by: string;
}

/** Every response, in order; a document is read as far as this is asked for. */
export async function* gradesOfDocument(
  document: vscode.TextDocument,
  grader: Grader,
  cache: GradeCache,
  pause: Pause,
): AsyncGenerator<GradedPlace> {
  const text = documentTextOf(document);
  const range = { start: 0, end: text.length };
  for (const batch of responsesIn({ text, language: document.languageId, range })) {
    await pause.ifLong();
    for (const located of batch) {
      const grade = await gradeUnasked(grader, cache, located, pause);
      const age = grade && !grader.instant ? `, graded ${formatAge(grade.provenance.gradedAt, new Date())}` : '';
      const place = new vscode.Range(document.positionAt(located.start), document.positionAt(located.end));
      yield { range: place, field: located.field, grade, by: `${grader.name}${age}` };
    }
  }
}

/** Of a file of JSON Lines that a grading has written; a row whose response is not found is its whole line. */
export async function* gradesOfGrading(
  document: vscode.TextDocument,
  spec: GradingSpec,
  summary: GradingSummary,
  pause: Pause,
): AsyncGenerator<GradedPlace> {
  const by = `${spec.grader.name}, graded ${formatAge(summary.finished_at, new Date())}`;
  for (let number = 0; number < document.lineCount; number += 1) {
    await pause.ifLong();
    const { text, range } = document.lineAt(number);
    const row = rowOf(text);
    if (row === undefined) continue;
    const responses = [...responsesIn({ text, language: 'jsonl', range: { start: 0, end: text.length } })].flat();
    for (const { response, isOneOfSeveral, grade } of gradesInRow(row, spec, summary.columns)) {
      const found = isOneOfSeveral ? undefined : responses.findLast((each) => isNamed(each, response));
      yield {
        range: found ? new vscode.Range(number, found.start, number, found.end) : range,
        field: response === 'response' ? found?.field : response,
        grade,
        by,
      };
    }
  }
}

/** A row of one response ends in it; of two, each has its field. */
const isNamed = ({ field = '' }: Located, response: string): boolean =>
  response === 'response' || new RegExp(`(?:^|[ _-])${response}$`, 'i').test(field);

function rowOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
