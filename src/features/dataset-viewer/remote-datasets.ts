/** Which remote datasets the person has asked for in this window: nothing is fetched of any other. And who asks. */

import * as vscode from 'vscode';
import type { RemoteSource } from '../../core/datasets/remote/remote-source.ts';
import { hubOf, type RemoteAccess } from '../../core/datasets/remote/request.ts';
import { StudioError } from '../../core/errors.ts';
import type { RemoteConnection } from '../../protocol/dataset-remote.ts';
import { requireTrust } from '../studio.ts';
import { KEPT_TOKENS } from '../tokens/kept-tokens.ts';
import { sourceOf, uriOf } from './remote-uri.ts';

export class RemoteDatasets {
  readonly #secrets: vscode.SecretStorage;
  /** By their URIs; with the whole addresses, which are kept nowhere else. */
  readonly #asked = new Map<string, RemoteSource>();
  readonly #ask = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidAsk = this.#ask.event;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** The person asks for this dataset. */
  ask(source: RemoteSource): vscode.Uri {
    const uri = uriOf(source);
    this.#asked.set(uri.toString(), source);
    this.#ask.fire(uri);
    return uri;
  }

  /**
   * The person asks again for a dataset that an editor stands for.
   * @throws StudioError 'not-available' where its whole address is not known any more
   */
  askAgain(uri: vscode.Uri): void {
    const known = this.#asked.get(uri.toString());
    const source = known ?? sourceOf(uri);
    if (!source || (!known && uri.fragment !== '')) {
      throw new StudioError('not-available', 'The address of this dataset was not kept, as it may hold a key.', {
        hint: 'Open it again with "Reward Studio: Open Remote Dataset".',
      });
    }
    this.#asked.set(uri.toString(), source);
  }

  wasAsked(uri: vscode.Uri): boolean {
    return this.#asked.has(uri.toString());
  }

  /** Its editor was closed. */
  forget(uri: vscode.Uri): void {
    this.#asked.delete(uri.toString());
  }

  /** @throws StudioError 'not-available' in Restricted Mode */
  async connection(uri: vscode.Uri): Promise<RemoteConnection> {
    requireTrust('In Restricted Mode nothing is fetched from other machines.');
    const source = this.#asked.get(uri.toString());
    if (!source) throw new StudioError('not-available', 'Nobody has asked for this dataset.');
    const { hub, token } = await this.access();
    return { source, hub: hub.href, ...(token !== undefined && { token }) };
  }

  async access(): Promise<RemoteAccess> {
    return { hub: hubOf(), token: await this.#secrets.get(KEPT_TOKENS.HF_TOKEN.key) };
  }
}
