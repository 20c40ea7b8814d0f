/** "Open Remote Dataset": an address, or a dataset of the Hugging Face hub whose split is chosen from its list. */

import * as vscode from 'vscode';
import { type HubSplit, hubSplits } from '../../core/datasets/remote/hub.ts';
import { type HubName, readRemoteName } from '../../core/datasets/remote/remote-name.ts';
import type { RemoteSource } from '../../core/datasets/remote/remote-source.ts';
import { hubOf } from '../../core/datasets/remote/request.ts';
import { StudioError } from '../../core/errors.ts';
import { abortSignalOf, requireTrust } from '../studio.ts';
import { VIEW_TYPE } from './dataset-editor.ts';
import type { RemoteDatasets } from './remote-datasets.ts';

const TITLE = 'Open Remote Dataset';

export async function openRemoteDataset(remotes: RemoteDatasets): Promise<void> {
  requireTrust('In Restricted Mode nothing is fetched from other machines.');
  const hub = hubOf();
  const text = await vscode.window.showInputBox({
    title: TITLE,
    prompt: `Address of a Parquet file (https://…), or a dataset on ${hub.host} (owner/name)`,
    placeHolder: 'https://example.org/pairs.parquet or owner/name',
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? undefined : refusalOf(value, hub)),
  });
  if (!text?.trim()) return;
  const named = readRemoteName(text, hub);
  const source = named.kind === 'url' ? ({ kind: 'url', url: named.url.href } as const) : await splitOf(named, remotes);
  if (source) await vscode.commands.executeCommand('vscode.openWith', remotes.ask(source), VIEW_TYPE);
}

function refusalOf(text: string, hub: URL): string | undefined {
  try {
    readRemoteName(text, hub);
    return undefined;
  } catch (error) {
    if (error instanceof StudioError) return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
}

/** Undefined when the person leaves. */
async function splitOf(named: HubName, remotes: RemoteDatasets): Promise<RemoteSource | undefined> {
  const { kind, name, config, split } = named;
  if (config !== undefined && split !== undefined) return { kind, name, config, split };
  const access = await remotes.access();
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Asking for the splits of ${name}`,
    cancellable: true,
  };
  const splits = await vscode.window.withProgress(options, (_, token) => hubSplits(name, access, abortSignalOf(token)));
  const chosen = splits.length > 1 ? await chooseSplit(name, splits) : splits[0];
  if (splits.length === 0) {
    throw new StudioError('file-not-found', 'The hub has no Parquet files of this dataset.', { where: { file: name } });
  }
  return chosen && { kind, name, config: chosen.config, split: chosen.split };
}

async function chooseSplit(name: string, splits: readonly HubSplit[]): Promise<HubSplit | undefined> {
  const items = splits.map((split) => ({
    label: `${split.config}/${split.split}`,
    description: split.files.length === 1 ? '1 file' : `${split.files.length} files`,
    split,
  }));
  // The list took a while to come: whatever has the focus by now does not close it.
  const options = { title: `${TITLE}: ${name}`, placeHolder: 'Which split?', ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.split;
}
