/** Entries of the side bar, as they are drawn. */

import * as vscode from 'vscode';

/** Whether a person would see no difference, and its menu has the same commands. */
export const sameItem = (one: vscode.TreeItem, other: vscode.TreeItem): boolean => textOf(one) === textOf(other);

function textOf({ label, description, tooltip, iconPath, contextValue, collapsibleState }: vscode.TreeItem): string {
  const icon = iconPath instanceof vscode.ThemeIcon ? [iconPath.id, iconPath.color?.id] : iconPath;
  const shown = tooltip instanceof vscode.MarkdownString ? tooltip.value : tooltip;
  return JSON.stringify([label, description, shown, icon, contextValue, collapsibleState]);
}
