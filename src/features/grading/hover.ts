/** Hovering a response shows its grade by the active model. Everything is computed here, on this machine. */

import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import type { Grader } from '../../core/graders/grader.ts';
import { hoverCard } from '../../core/graders/hover-card.ts';
import type { Studio } from '../studio.ts';
import { locateInDocument } from './locate-in-document.ts';

export class GradeHover implements vscode.HoverProvider {
  readonly #studio: Studio;
  readonly #grader: () => Promise<Grader | undefined>;

  constructor(studio: Studio, grader: () => Promise<Grader | undefined>) {
    this.#studio = studio;
    this.#grader = grader;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    // In Restricted Mode models kept in the workspace are not loaded.
    if (!vscode.workspace.isTrusted) return undefined;
    if (!vscode.workspace.getConfiguration('rewardStudio', document).get('grading.hover', true)) return undefined;
    const found = locateInDocument(document, position);
    if (!found) return undefined;
    try {
      const grader = await this.#grader();
      if (!grader || token.isCancellationRequested) return undefined;
      const { located } = found;
      const grade = await grader.grade({
        prompt: located.prompt,
        response: located.response,
        ...(located.sibling ? { sibling: located.sibling } : {}),
      });
      const card = new vscode.MarkdownString(
        hoverCard(grade, {
          now: new Date(),
          promptKnown: located.promptKnown,
          ...(located.field === undefined ? {} : { field: located.field }),
        }),
        true,
      );
      return new vscode.Hover(card, found.range);
    } catch (error) {
      this.#studio.log.error(`hover: ${describeError(error)}`);
      const text = new vscode.MarkdownString('$(warning) ', true);
      text.appendText(`No grade: ${describeError(error)}`);
      return new vscode.Hover(text, found.range);
    }
  }
}
