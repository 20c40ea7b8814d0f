/** A page's HTML: our own script and style, nothing else may load, and no data stands in it. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export interface Page {
  /** Its folder in `webview`. */
  readonly folder: string;
  readonly title: string;
}

export function pageHtml(webview: vscode.Webview, webviewFolder: vscode.Uri, { folder, title }: Page): string {
  const nonce = randomBytes(24).toString('base64url');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder, folder, 'main.js'));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder, folder, 'main.css'));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
