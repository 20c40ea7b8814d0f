/**
 * The custom editor: one document per file with one reader process, any number of panels on it. What it is made of is
 * loaded with the first dataset that is opened.
 */

import type * as vscode from 'vscode';
import type { DatasetDocument } from './dataset-document.ts';
import type { OpenPanels } from './open-panels.ts';
import type { ViewerServices } from './viewer-services.ts';

export const VIEW_TYPE = 'rewardStudio.dataset';
/** Of text files, which VS Code opens as text unless the person chooses otherwise. */
export const OPTIONAL_VIEW_TYPE = 'rewardStudio.textDataset';

export class DatasetEditorProvider implements vscode.CustomReadonlyEditorProvider<DatasetDocument> {
  readonly #extensionUri: vscode.Uri;
  readonly #services: ViewerServices;
  readonly #panels: OpenPanels;

  constructor(extensionUri: vscode.Uri, services: ViewerServices, panels: OpenPanels) {
    this.#extensionUri = extensionUri;
    this.#services = services;
    this.#panels = panels;
  }

  /** Never fails: what is wrong with the file is shown in the page, with what to do about it. */
  async openCustomDocument(uri: vscode.Uri): Promise<DatasetDocument> {
    const { DatasetDocument } = await import('./dataset-document.ts');
    return new DatasetDocument(uri, this.#services);
  }

  async resolveCustomEditor(document: DatasetDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { showPanel } = await import('./dataset-panel.ts');
    showPanel(document, panel, this.#extensionUri, this.#panels);
  }
}
