/** Beside the line that a response begins on, what its grade comes to: told by the form of the mark, and by its colour. */

import * as vscode from 'vscode';
import { GRADE_MARKS, type GradeMark, markOfGrade } from '../../core/graders/grade-mark.ts';
import type { ResponseMarks } from './response-marks.ts';

/** Verdicts are triangles and a bar, scores are circles, percentiles are squares; full, half and empty. */
const FORMS: Readonly<Record<GradeMark, string>> = {
  'verdict-better': '<path d="M8 2.5 14 13H2z"/>',
  'verdict-tie': '<path d="M2 6.500h12v3H2z"/>',
  'verdict-worse': '<path d="M8 13.500 2 3h12z"/>',
  'score-high': '<circle cx="8" cy="8" r="5.500"/>',
  'score-middle': '<circle cx="8" cy="8" r="4.800" fill="none"/><path d="M8 3.200a4.800 4.800 0 0 1 0 9.600z"/>',
  'score-low': '<circle cx="8" cy="8" r="4.800" fill="none"/>',
  'percentile-high': '<path d="M3 3h10v10H3z"/>',
  'percentile-middle': '<path fill="none" d="M3.500 3.500h9v9h-9z"/><path d="M8 3.500h4.500v9H8z"/>',
  'percentile-low': '<path fill="none" d="M3.500 3.500h9v9h-9z"/>',
};

type Tone = 'good' | 'middling' | 'bad';
/** Images take no colours of the theme: these have a contrast of 7 and more on the backgrounds of all kinds of themes. */
const COLOURS: Readonly<Record<Tone, { readonly dark: string; readonly light: string }>> = {
  good: { dark: '#89d185', light: '#0b5c22' },
  middling: { dark: '#c8c8c8', light: '#424242' },
  bad: { dark: '#ff9d8a', light: '#9c1f0b' },
};

export class GutterMarks implements vscode.Disposable {
  readonly #marks: ResponseMarks;
  readonly #types = new Map(GRADE_MARKS.map((mark) => [mark, decorationOf(mark)]));
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(marks: ResponseMarks) {
    this.#marks = marks;
    this.#subscriptions = [
      marks.onDidChange((document) => {
        for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.#draw(editor);
      }),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.#draw(editor);
      }),
    ];
    for (const editor of vscode.window.visibleTextEditors) this.#draw(editor);
  }

  dispose(): void {
    for (const each of [...this.#types.values(), ...this.#subscriptions]) each.dispose();
  }

  /** A line has one mark, that of the first response on it. */
  #draw(editor: vscode.TextEditor): void {
    const ofLines = new Map<number, GradeMark>();
    for (const { range, grade } of this.#marks.of(editor.document)) {
      const mark = markOfGrade(grade);
      if (mark !== undefined && !ofLines.has(range.start.line)) ofLines.set(range.start.line, mark);
    }
    for (const [mark, type] of this.#types) {
      const lines = [...ofLines].filter(([, of]) => of === mark);
      editor.setDecorations(
        type,
        lines.map(([line]) => new vscode.Range(line, 0, line, 0)),
      );
    }
  }
}

function decorationOf(mark: GradeMark): vscode.TextEditorDecorationType {
  const tone = toneOf(mark);
  const image = (theme: 'dark' | 'light') => ({
    gutterIconPath: imageOf(FORMS[mark], COLOURS[tone][theme]),
    gutterIconSize: '75%',
  });
  return vscode.window.createTextEditorDecorationType({
    dark: image('dark'),
    light: image('light'),
    overviewRulerColor: new vscode.ThemeColor(`rewardStudio.grade.${tone}`),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

function toneOf(mark: GradeMark): Tone {
  if (/-(better|high)$/.test(mark)) return 'good';
  return /-(worse|low)$/.test(mark) ? 'bad' : 'middling';
}

function imageOf(form: string, colour: string): vscode.Uri {
  const image = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" fill="${colour}" stroke="${colour}">${form}</svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(image).toString('base64')}`);
}
