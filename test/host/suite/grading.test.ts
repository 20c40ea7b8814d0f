import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';

const folder = () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const CHOSEN = 'That should not happen';
const REJECTED = 'Please always handle glass';

/** The texts of our hover cards over the first place where a document says `text`. */
async function cards(document: vscode.TextDocument, text: string) {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `the document does not say "${text}"`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset + 2),
  );
  return hovers
    .map((hover) => ({
      text: hover.contents.map((content) => (content as vscode.MarkdownString).value).join('\n'),
      range: hover.range && document.getText(hover.range),
    }))
    .filter((card) => /Reward|No grade/.test(card.text));
}

const openExample = () => vscode.workspace.openTextDocument(path.join(folder(), 'replies.jsonl'));
const openText = (language: string, content: string) => vscode.workspace.openTextDocument({ language, content });

describe('grading by hover', () => {
  it('says nothing while there is no model', async () => {
    assert.deepEqual(await cards(await openExample(), CHOSEN), []);
  });

  describe('with a model that was trained elsewhere', () => {
    before(async () => {
      const extension = vscode.extensions.getExtension('reward-studio.reward-studio');
      const cli = path.join(extension?.extensionPath ?? '', 'dist', 'cli.mjs');
      const args = [cli, 'train', path.join(folder(), 'support.rmrun.json')];
      await promisify(execFile)(process.execPath, args, {
        cwd: folder(),
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      });
      await vscode.commands.executeCommand('rewardStudio.refreshRuns');
    });

    after(() => vscode.workspace.getConfiguration('rewardStudio').update('grading.hover', undefined));

    it('shows margin, probability, percentile, model and age over the response it covers', async () => {
      const [card] = await cards(await openExample(), CHOSEN);
      assert.match(
        card?.text ?? '',
        /Reward margin [+\u2212]\d+\.\d\d over its sibling response · probability 0\.\d\d/,
      );
      assert.match(card?.text ?? '', /\d+ of 100 among training responses/);
      assert.match(card?.text ?? '', /support.bradley.terry/);
      assert.match(card?.text ?? '', /just now/);
      assert.match(card?.range ?? '', /^That should not happen.*refunds you in full\.$/);
    });

    it('shows the same margin with the other sign over the other response', async () => {
      const document = await openExample();
      const margin = async (text: string) =>
        /margin ([+\u2212])(\d+\.\d\d)/.exec((await cards(document, text))[0]?.text ?? '')?.slice(1);
      const [chosen, rejected] = [await margin(CHOSEN), await margin(REJECTED)];
      assert.equal(chosen?.[1], rejected?.[1]);
      assert.notEqual(chosen?.[0], rejected?.[0]);
    });

    it('has no card over a prompt', async () => {
      assert.deepEqual(await cards(await openExample(), 'The kettle I ordered'), []);
    });

    it('covers exactly the response where letters take several bytes and escapes', async () => {
      const document = await openText('jsonl', '{"prompt":"日本 \\u00e9?","response":"Grüße 👩‍🚀 \\"gut\\" ✓ done"}\n');
      const [card] = await cards(document, 'Grüße');
      assert.equal(card?.range, 'Grüße 👩‍🚀 \\"gut\\" ✓ done');
    });

    it('grades a selection in a file of any language, and says that the prompt is unknown', async () => {
      const document = await openText('python', 'reply = "Open Billing and send us both invoice numbers."\n');
      const editor = await vscode.window.showTextDocument(document);
      const start = document.getText().indexOf('Open');
      editor.selection = new vscode.Selection(document.positionAt(start), document.positionAt(start + 46));
      const [card] = await cards(document, 'Open Billing');
      assert.match(card?.text ?? '', /percentile/i);
      assert.match(card?.text ?? '', /prompt/i);
    });

    it('is silent when it is switched off', async () => {
      await vscode.workspace.getConfiguration('rewardStudio').update('grading.hover', false);
      assert.deepEqual(await cards(await openExample(), CHOSEN), []);
    });
  });
});
