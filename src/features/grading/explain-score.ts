/** "Explain Score": draws over each sentence of a response how much it adds to the score, or takes from it. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import {
  type Explanation,
  explainScore,
  questionsToExplain,
  type SentenceContribution,
} from '../../core/graders/explain/explain-score.ts';
import { type SpelledSentence, spelledSentences } from '../../core/graders/explain/spelled-sentences.ts';
import { gradeLine } from '../../core/graders/grade-card.ts';
import type { Grader } from '../../core/graders/grader.ts';
import { formatNumber } from '../../core/methods/describe-evaluation.ts';
import { abortSignalOf, registerCommand, requireTrust, type Studio } from '../studio.ts';
import { requestOf } from './hover.ts';
import { placeInEditor, placeOf, type ResponsePlace } from './hover-links.ts';

const CONCURRENCY = 4;
/** From so much of the largest contribution on the colour is the stronger one. */
const STRONG = 0.5;

const background = (name: string) =>
  vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor(`rewardStudio.explain.${name}`),
    border: '1px solid',
    borderColor: new vscode.ThemeColor('contrastBorder'),
  });

export class ExplainedScores implements vscode.Disposable {
  readonly #grader: () => Promise<Grader | undefined>;
  readonly #marks = {
    helps: background('helps'),
    helpsMuch: background('helpsMuch'),
    hurts: background('hurts'),
    hurtsMuch: background('hurtsMuch'),
    neither: vscode.window.createTextEditorDecorationType({}),
  };
  readonly #subscriptions: readonly vscode.Disposable[];
  #explained: vscode.TextEditor | undefined;

  constructor(studio: Studio, grader: () => Promise<Grader | undefined>) {
    this.#grader = grader;
    this.#subscriptions = [
      registerCommand(studio, 'rewardStudio.explainScore', 'Explain Score', (given?: unknown) =>
        this.#explain(placeOf(given)),
      ),
      registerCommand(studio, 'rewardStudio.clearExplanation', 'Clear Explanation', () => this.#clear()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // What is edited is another response.
        if (document === this.#explained?.document && contentChanges.length > 0) this.#clear();
      }),
    ];
  }

  dispose(): void {
    for (const each of [...Object.values(this.#marks), ...this.#subscriptions]) each.dispose();
  }

  async #explain(place: ResponsePlace | undefined): Promise<void> {
    const { editor, position } = placeInEditor(place) ?? {};
    if (!editor || !position)
      throw new StudioError('usage', 'There is no text here.', { hint: 'Put the cursor into a response first.' });
    this.#clear();
    const { locateInDocument } = await import('./locate-in-document.ts');
    const { document } = editor;
    const found = locateInDocument(document, position);
    if (!found) {
      throw new StudioError('usage', 'There is no response at the cursor.', {
        where: { file: document.uri.fsPath, row: position.line + 1 },
        hint: 'Put the cursor into a response, or select the text to explain.',
      });
    }
    const request = requestOf(found.located);
    const sentences = await sentencesIn(document, found.range, request.response.at(-1)?.content ?? '');
    const explained = await this.#ask(request, sentences);
    if (!explained) return;
    this.#explained = editor;
    this.#draw(editor, explained, sentences);
    void vscode.window.showInformationMessage(
      `${gradeLine(explained.grade)}: ${sentences.length} sentences explained.`,
    );
  }

  async #ask(
    request: ReturnType<typeof requestOf>,
    sentences: readonly SpelledSentence[],
  ): Promise<Explanation | undefined> {
    const grader = await this.#grader();
    if (!grader) {
      requireTrust('Models kept in a workspace are loaded only when it is trusted.');
      throw new StudioError('not-available', 'No model grades yet.', {
        hint: 'Train one, or choose a finished run with "Use as Grader".',
      });
    }
    const ranges = sentences.map(({ text }) => text);
    if (!grader.instant && !(await agreed(grader, questionsToExplain(ranges)))) return undefined;
    const options = { location: vscode.ProgressLocation.Notification, title: 'Explaining', cancellable: true };
    return vscode.window.withProgress(options, (progress, token) =>
      explainScore(
        grader,
        request,
        {
          signal: abortSignalOf(token),
          concurrency: grader.instant ? 1 : CONCURRENCY,
          onProgress: (done, all) =>
            progress.report({ increment: 100 / all, message: `${grader.name}, sentence ${done} of ${all}` }),
        },
        ranges,
      ),
    );
  }

  #draw(editor: vscode.TextEditor, explained: Explanation, sentences: readonly SpelledSentence[]): void {
    const { document } = editor;
    const largest = Math.max(...explained.sentences.map(({ contribution }) => Math.abs(contribution ?? 0)));
    const drawn = new Map<vscode.TextEditorDecorationType, vscode.DecorationOptions[]>();
    for (const [index, sentence] of explained.sentences.entries()) {
      const mark = this.#marks[markOf(sentence, largest)];
      const { start, end } = sentences[index]!.spelled;
      const range = trimmed(document, new vscode.Range(document.positionAt(start), document.positionAt(end)));
      const options = {
        range,
        hoverMessage: messageOf(sentence, explained),
        renderOptions: { after: afterOf(sentence) },
      };
      drawn.set(mark, [...(drawn.get(mark) ?? []), options]);
    }
    for (const [mark, options] of drawn) editor.setDecorations(mark, options);
  }

  #clear(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document !== this.#explained?.document) continue;
      for (const mark of Object.values(this.#marks)) editor.setDecorations(mark, []);
    }
    this.#explained = undefined;
  }
}

/** @throws StudioError where the text and what the document spells do not fit together */
async function sentencesIn(
  document: vscode.TextDocument,
  range: vscode.Range,
  content: string,
): Promise<readonly SpelledSentence[]> {
  const { textOfPart } = await import('./locate-in-document.ts');
  const raw = document.getText(range);
  const start = document.offsetAt(range.start);
  const sentences = spelledSentences(raw, start, content, (part) => textOfPart(document, part));
  if (sentences) return sentences;
  throw new StudioError('not-available', 'The sentences of this response cannot be told apart in this document.', {
    hint: 'Select a part of it, and explain that.',
  });
}

async function agreed({ name }: Grader, questions: number): Promise<boolean> {
  const explain = 'Explain';
  const detail = `Each sentence is left out in turn: ${questions} gradings.`;
  return (
    (await vscode.window.showWarningMessage(`Explain with ${name}?`, { modal: true, detail }, explain)) === explain
  );
}

function markOf({ contribution }: SentenceContribution, largest: number) {
  if (contribution === null || contribution === 0) return 'neither';
  const much = Math.abs(contribution) >= STRONG * largest;
  if (contribution > 0) return much ? 'helpsMuch' : 'helps';
  return much ? 'hurtsMuch' : 'hurts';
}

const contributionText = (contribution: number): string =>
  `${contribution < 0 ? '' : '+'}${formatNumber(contribution, 2)}`;

/** The number stands behind the sentence: colours alone do not tell everybody. */
const afterOf = ({ contribution }: SentenceContribution): vscode.ThemableDecorationAttachmentRenderOptions => ({
  contentText: contribution === null ? 'all of it' : contributionText(contribution),
  color: new vscode.ThemeColor('editorCodeLens.foreground'),
  margin: '0 0.6em 0 0.3em',
});

function messageOf({ contribution }: SentenceContribution, { of, value, grade }: Explanation): vscode.MarkdownString {
  const whole = `${of} ${formatNumber(value, 2)} of the whole response`;
  const text =
    contribution === null
      ? `Nothing is left without this sentence; ${whole}.`
      : `**${contributionText(contribution)}** by this sentence: without it the ${of} is ${formatNumber(value - contribution, 2)}; ${whole}. Contributions need not add up.`;
  return new vscode.MarkdownString(text).appendText(` ${grade.provenance.grader}`);
}

/** Without the white space at its end, which looks as if it were part of the next sentence. */
function trimmed(document: vscode.TextDocument, range: vscode.Range): vscode.Range {
  const text = document.getText(range);
  const cut = text.length - text.replace(/(?:\s|\\[nrt])+$/, '').length;
  return new vscode.Range(range.start, document.positionAt(document.offsetAt(range.end) - cut));
}
