/** "Compare Selections" and "Rank Candidates": the selected texts as responses to the prompt that they stand beside. */

import * as vscode from 'vscode';
import type { Message } from '../../core/datasets/records.ts';
import { StudioError } from '../../core/errors.ts';
import type { GradeRequest, Grader } from '../../core/graders/grader.ts';
import {
  describeVerdict,
  type PairVerdict,
  pairVerdict,
  type Ranking,
  rankResponses,
} from '../../core/graders/rank-responses.ts';
import { SCALE_TITLES } from '../../core/graders/registry/describe-entry.ts';
import { formatNumber } from '../../core/methods/describe-evaluation.ts';
import { abortSignalOf, requireTrust } from '../studio.ts';
import { placeInEditor, type ResponsePlace } from './hover-links.ts';

interface Candidate {
  readonly range: vscode.Range;
  readonly response: readonly Message[];
}

interface Candidates {
  readonly editor: vscode.TextEditor;
  readonly prompt: GradeRequest['prompt'];
  readonly candidates: readonly Candidate[];
}

const LONGEST_LABEL = 80;

/**
 * Of two selections, A is the one that stands first in the document.
 * @param place of a response instead: it is A, and the other response to its prompt B
 */
export async function compareSelections(
  grader: () => Promise<Grader | undefined>,
  place?: ResponsePlace,
): Promise<void> {
  const { prompt, a, b } = place ? await pairAt(place) : await selectedPair();
  const verdict = await graded(grader, 2, 'Comparing', (opened, signal) => pairVerdict(opened, prompt, a, b, signal));
  if (verdict) void vscode.window.showInformationMessage(verdictText(verdict, prompt));
}

interface Pair extends Pick<GradeRequest, 'prompt'> {
  readonly a: readonly Message[];
  readonly b: readonly Message[];
}

async function selectedPair(): Promise<Pair> {
  const { prompt, candidates } = await selectedCandidates(2, 2);
  const [a, b] = candidates;
  return { prompt, a: a!.response, b: b!.response };
}

async function pairAt(place: ResponsePlace): Promise<Pair> {
  const { editor, position } = placeInEditor(place) ?? {};
  const { locateInDocument } = await import('./locate-in-document.ts');
  const found = editor && position && locateInDocument(editor.document, position)?.located;
  if (!found?.sibling) {
    throw new StudioError('usage', 'There is no other response to the same prompt here.', {
      hint: 'Select two responses: hold Alt and select each.',
    });
  }
  return { prompt: found.prompt, a: found.response, b: found.sibling };
}

/** The best first; choosing one shows it. */
export async function rankCandidates(grader: () => Promise<Grader | undefined>): Promise<void> {
  const { editor, prompt, candidates } = await selectedCandidates(2, Number.POSITIVE_INFINITY);
  const ranking = await graded(grader, candidates.length, 'Ranking', (opened, signal) =>
    rankResponses(
      opened,
      prompt,
      candidates.map(({ response }) => response),
      signal,
    ),
  );
  if (!ranking) return;
  const items = ranking.ranked.map(({ index, rank, score }) => ({
    label: `${rank}  ${labelOf(editor.document, candidates[index]!)}`,
    description: `${formatNumber(score, 2)} · line ${candidates[index]!.range.start.line + 1}`,
    range: candidates[index]!.range,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: `${candidates.length} candidates by ${unitOf(ranking)}`,
    placeHolder:
      noteOf(ranking) ?? (prompt.length === 0 ? 'Without their prompt, which was not found' : 'The best first'),
    onDidSelectItem: (item) => editor.revealRange((item as (typeof items)[number]).range),
  });
  if (!chosen) return;
  await vscode.window.showTextDocument(editor.document, { selection: chosen.range });
}

async function selectedCandidates(least: number, most: number): Promise<Candidates> {
  const editor = vscode.window.activeTextEditor;
  const selections = (editor?.selections ?? [])
    .filter(({ isEmpty }) => !isEmpty)
    .sort((a, b) => a.start.compareTo(b.start));
  if (!editor || selections.length < least || selections.length > most) {
    const wanted = most === least ? 'two responses' : 'two responses or more';
    throw new StudioError(
      'usage',
      `${selections.length === 1 ? 'One text is' : `${selections.length} texts are`} selected.`,
      {
        hint: `Select ${wanted}: hold Alt and select each.`,
      },
    );
  }
  const { locateInDocument, textOfPart } = await import('./locate-in-document.ts');
  const { document } = editor;
  const candidates = selections.map((range): Candidate => {
    const part = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const content = textOfPart(document, part) ?? document.getText(range);
    if (content.trim() === '') {
      throw new StudioError('usage', 'A selection is blank.', {
        where: { file: document.uri.fsPath, line: range.start.line + 1 },
      });
    }
    return { range, response: [{ role: 'assistant', content }] };
  });
  const prompts = selections.map(({ active }) => locateInDocument(document, active)?.located.prompt ?? []);
  return { editor, candidates, prompt: prompts.find((prompt) => prompt.length > 0) ?? [] };
}

/** Undefined when the person does not agree to ask somebody else. */
async function graded<T>(
  grader: () => Promise<Grader | undefined>,
  responses: number,
  title: string,
  work: (grader: Grader, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const opened = await grader();
  if (!opened) {
    requireTrust('Models kept in a workspace are loaded only when it is trusted.');
    throw new StudioError('not-available', 'No model grades yet.', {
      hint: 'Train one, or choose a finished run with "Use as Grader".',
    });
  }
  const rounds = opened.scale === 'preference-a-b-tie' ? (responses * (responses - 1)) / 2 : responses;
  if (!opened.instant && rounds > 2) {
    const detail = `${rounds} gradings of ${responses} responses.`;
    const answer = await vscode.window.showWarningMessage(`Rank with ${opened.name}?`, { modal: true, detail }, 'Rank');
    if (answer === undefined) return undefined;
  }
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    progress.report({ message: opened.name });
    return work(opened, abortSignalOf(token));
  });
}

function verdictText(verdict: PairVerdict, prompt: GradeRequest['prompt']): string {
  const unknown = prompt.length === 0 ? ' The prompt was not found: the texts were compared without it.' : '';
  const notes = (verdict.grades[0]?.notes ?? []).map((note) => ` ${note}`).join('');
  return `${describeVerdict(verdict)}; A stands first. ${verdict.grades[0]!.provenance.grader}.${notes}${unknown}`;
}

const unitOf = ({ by, grades }: Ranking): string =>
  by === 'wins' ? 'wins, a tie counting one half' : SCALE_TITLES[grades[0]!.scale];

const noteOf = ({ circle }: Ranking): string | undefined =>
  circle && 'Three of them beat each other in a circle: no order says it all';

const labelOf = (document: vscode.TextDocument, { range }: Candidate): string =>
  document.getText(range).trim().replaceAll(/\s+/g, ' ').slice(0, LONGEST_LABEL);
