/**
 * Hovering a response shows its grade by the active model. Models that grade at once do it then; one that has to be served,
 * or asks somebody else, is only asked where the person wants that, and else what it has said before is shown.
 */

import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import type { GradeCache } from '../../core/graders/grade-cache.ts';
import { gradeLine } from '../../core/graders/grade-card.ts';
import { type Grade, type GradeRequest, type Grader, isRemoteKind } from '../../core/graders/grader.ts';
import { HoverBudget } from '../../core/graders/hover-budget.ts';
import { hoverCard } from '../../core/graders/hover-card.ts';
import type { Located } from '../../core/graders/locate/located.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import { hoverLinks } from './hover-links.ts';

/** A mouse on its way over the text asks nobody. */
const REST_MS = 400;

export class GradeHover implements vscode.HoverProvider {
  readonly #studio: Studio;
  readonly #grader: () => Promise<Grader | undefined>;
  readonly #cache: GradeCache;
  readonly #budget = new HoverBudget();

  constructor(studio: Studio, grader: () => Promise<Grader | undefined>, cache: GradeCache) {
    this.#studio = studio;
    this.#grader = grader;
    this.#cache = cache;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const settings = vscode.workspace.getConfiguration('rewardStudio', document);
    if (!settings.get('grading.hover', true)) return undefined;
    // With the parsers of all languages: not while a window opens.
    const { locateInDocument } = await import('./locate-in-document.ts');
    const found = locateInDocument(document, position);
    if (!found) return undefined;
    try {
      const grader = await this.#grader();
      if (!grader || token.isCancellationRequested) return undefined;
      const { located, range } = found;
      const request = requestOf(located);
      const kept = grader.instant ? undefined : this.#cache.get(grader, request);
      const shown = (grade: Grade, isKept: boolean) => {
        const links = hoverLinks(document, position, gradeLine(grade), located.sibling !== undefined);
        return new vscode.Hover([cardOf(grade, located, isKept), links], range);
      };
      if (kept) return shown(kept, true);
      if (!grader.instant) {
        const isElsewhere = isRemoteKind(grader.kind);
        const most = isElsewhere ? mostAnHour(grader, settings) : 0;
        const isWanted = isElsewhere ? most > 0 : settings.get('grading.hoverServed', false);
        if (!isWanted) return new vscode.Hover(offer(grader), range);
        if (!(await rests(token))) return undefined;
        if (isElsewhere && !this.#budget.take(most)) return new vscode.Hover(offer(grader, usedUp(most)), range);
      }
      const grade = await grader.grade(request, abortSignalOf(token));
      if (!grader.instant) this.#cache.set(grader, request, grade);
      return shown(grade, false);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      this.#studio.log.error(`hover: ${describeError(error)}`);
      const text = new vscode.MarkdownString('$(warning) ', true);
      text.appendText(`No grade: ${describeError(error)}`);
      return new vscode.Hover(text, found.range);
    }
  }
}

export const requestOf = ({ prompt, response, sibling }: Located): GradeRequest => ({
  prompt,
  response,
  ...(sibling ? { sibling } : {}),
});

function cardOf(grade: Grade, { promptKnown, field }: Located, kept: boolean): vscode.MarkdownString {
  const options = { now: new Date(), promptKnown, kept, ...(field === undefined ? {} : { field }) };
  return new vscode.MarkdownString(hoverCard(grade, options), true);
}

/** A model of the editor is asked with the person's consent each time, which a mouse cannot give. */
const mostAnHour = ({ kind }: Grader, settings: vscode.WorkspaceConfiguration): number =>
  kind === 'editor-model' ? 0 : Math.max(0, Number(settings.get('grading.hoverEndpoints', 0)) || 0);

const usedUp = (most: number): string => `Hovering has asked for as many grades in the last hour as it may (${most}).`;

function offer({ name }: Grader, why?: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['rewardStudio.gradeSelection'] };
  text.appendMarkdown('$(law) [Grade This Response](command:rewardStudio.gradeSelection) with ');
  text.appendText(name);
  if (why !== undefined) text.appendMarkdown(`\n\n$(info) ${why}`);
  return text;
}

/** False where the mouse has gone on before. */
function rests(token: vscode.CancellationToken): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(true), REST_MS);
    const subscription = token.onCancellationRequested(() => done(false));
    function done(rested: boolean) {
      clearTimeout(timer);
      subscription.dispose();
      resolve(rested);
    }
  });
}
