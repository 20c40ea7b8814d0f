import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';

const folder = () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const CHOSEN = 'That should not happen';
const REJECTED = 'Please always handle glass';

/** The texts of our hover cards over the first place where a document says `text`. */
async function cards(document: vscode.TextDocument, text: string, what = /Reward|No grade/) {
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
    .filter((card) => what.test(card.text));
}

/** Of this process, in which the extension runs: every connection to a port, whoever asks for it. */
function recordConnections() {
  const { connect } = net.Socket.prototype;
  const made: string[] = [];
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
    const [target] = args.flat() as { port?: number; host?: string; path?: string }[];
    if (target?.path === undefined) made.push(`${target?.host}:${target?.port}`);
    return (connect as (...given: unknown[]) => net.Socket).apply(this, args);
  };
  const stop = () => {
    net.Socket.prototype.connect = connect;
  };
  return { made, stop };
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

    it('makes no connection, with endpoints in the registry and one of them chosen', async () => {
      const registry = path.join(folder(), '.reward-studio', 'graders.json');
      const judge = {
        name: 'far',
        kind: 'judge-endpoint',
        url: 'http://127.0.0.1:9/v1',
        model: 'm',
        method: 'pointwise',
      };
      const connections = recordConnections();
      try {
        await writeFile(registry, JSON.stringify({ version: 1, graders: [judge] }));
        const document = await openExample();
        assert.match((await cards(document, CHOSEN))[0]?.text ?? '', /Reward margin/);
        await vscode.commands.executeCommand('rewardStudio.useAsGrader', {
          source: 'workspace',
          entry: judge,
          folder: folder(),
        });
        const offered = async () => (await cards(document, CHOSEN, /Grade This Response/))[0]?.text;
        while ((await offered()) === undefined) await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(connections.made, []);
      } finally {
        connections.stop();
        await rm(registry);
        await vscode.commands.executeCommand('rewardStudio.refreshRuns');
      }
    });

    it('is silent when it is switched off', async () => {
      await vscode.workspace.getConfiguration('rewardStudio').update('grading.hover', false);
      assert.deepEqual(await cards(await openExample(), CHOSEN), []);
    });
  });
});
