/** What a person may do from a hovered grade. Apart from the grade's own text: a link may start these commands, data may not. */

import * as vscode from 'vscode';

/** Where in a document a response is; as a link carries it. */
export interface ResponsePlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** @param line the grade as one line, for the clipboard */
export function hoverLinks(document: vscode.TextDocument, position: vscode.Position, line: string, pair: boolean) {
  const place: ResponsePlace = { uri: document.uri.toString(), line: position.line, character: position.character };
  const link = (title: string, command: string, ...given: unknown[]) =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify(given))})`;
  const links = [
    link('Explain', 'rewardStudio.explainScore', place),
    ...(pair ? [link('Compare', 'rewardStudio.compareSelections', place)] : []),
    link('Grade with Another…', 'rewardStudio.useAsGrader'),
    link('Copy', 'rewardStudio.copyGrade', line),
  ];
  const text = new vscode.MarkdownString(links.join(' · '));
  text.isTrusted = {
    enabledCommands: [
      'rewardStudio.explainScore',
      'rewardStudio.compareSelections',
      'rewardStudio.useAsGrader',
      'rewardStudio.copyGrade',
    ],
  };
  return text;
}

/** Menus give commands the file, and palettes nothing. */
export const placeOf = (given: unknown): ResponsePlace | undefined =>
  typeof (given as ResponsePlace | undefined)?.line === 'number' ? (given as ResponsePlace) : undefined;

/** The editor that shows the place, and the position in it; of a link that is older than the text, its nearest position. */
export function placeInEditor(
  place: ResponsePlace | undefined,
): { readonly editor: vscode.TextEditor; readonly position: vscode.Position } | undefined {
  const editor =
    vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === place?.uri) ??
    (place ? undefined : vscode.window.activeTextEditor);
  if (!editor) return undefined;
  if (!place) return { editor, position: editor.selection.active };
  return { editor, position: editor.document.validatePosition(new vscode.Position(place.line, place.character)) };
}
