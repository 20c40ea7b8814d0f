/** What shows grades beside the text, over one source of them. */

import * as vscode from 'vscode';
import type { Studio } from '../studio.ts';
import { GradeLenses } from './grade-lenses.ts';
import { GutterMarks } from './gutter-marks.ts';
import type { MarksSource } from './marks-switch.ts';
import { ResponseMarks } from './response-marks.ts';

export function showMarks(
  studio: Studio,
  { grader, cache, onDidChange }: MarksSource,
  show: { readonly lenses: boolean; readonly gutter: boolean },
): vscode.Disposable {
  const marks = new ResponseMarks(studio, grader, cache);
  return vscode.Disposable.from(
    ...(show.lenses ? [new GradeLenses(marks)] : []),
    ...(show.gutter ? [new GutterMarks(marks)] : []),
    onDidChange(() => marks.refresh()),
    marks,
  );
}
