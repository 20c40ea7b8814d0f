import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('the installed extension', () => {
  const extension = vscode.extensions.getExtension('reward-studio.reward-studio');

  before(async () => {
    await extension?.activate();
  });

  it('is the package, not the checkout', () => {
    assert.ok(extension, 'reward-studio.reward-studio is not installed');
    assert.ok(realpathSync(extension.extensionPath).includes('extensions/reward-studio.reward-studio-'));
  });

  it('activates', () => {
    assert.equal(extension?.isActive, true);
  });

  it('registers every command that it contributes', async () => {
    const contributed: { command: string }[] = extension?.packageJSON.contributes.commands;
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });
});
