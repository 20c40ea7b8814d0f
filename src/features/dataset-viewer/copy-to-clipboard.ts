/** Puts cells on the clipboard and says so where a person would not see it otherwise. */

import * as vscode from 'vscode';
import type { CopyRequest } from '../../protocol/dataset-copy.ts';
import type { DatasetDocument } from './dataset-document.ts';

const SHOWN_MS = 3_000;

export async function copyToClipboard(document: DatasetDocument, request: CopyRequest): Promise<void> {
  const copied = await document.ask((reader) => reader.copy(request));
  if (!copied.ok) {
    if (!copied.fault.cancelled) void vscode.window.showErrorMessage(`Not copied: ${copied.fault.message}`);
    return;
  }
  const { text, cutAt } = copied.value;
  await vscode.env.clipboard.writeText(text);
  if (cutAt !== undefined) {
    const rows = cutAt.toLocaleString('en');
    void vscode.window.showWarningMessage(
      `The column is too long for the clipboard: its first ${rows} rows were copied. Export the rows for all of them.`,
    );
  } else {
    vscode.window.setStatusBarMessage(
      `Copied ${request.what}, ${text.length.toLocaleString('en')} characters`,
      SHOWN_MS,
    );
  }
}
