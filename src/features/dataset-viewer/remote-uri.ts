/** Datasets on other machines as editors know them: by a URI of our own, which windows remember. */

import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { shownUrl } from '../../core/datasets/remote/remote-name.ts';
import type { RemoteSource } from '../../core/datasets/remote/remote-source.ts';

export const REMOTE_SCHEME = 'reward-studio-remote';

/** What stands behind the path of an address may be a key: the URI has a fingerprint of it in its place. */
export function uriOf(source: RemoteSource): vscode.Uri {
  if (source.kind === 'hub') {
    const { name, config, split } = source;
    const label = `${path.posix.basename(name)}-${split}`;
    return uri('hub', `/${name}/${config}/${label}`, source);
  }
  const url = new URL(source.url);
  const fragment = url.search === '' ? '' : createHash('sha256').update(source.url).digest('hex').slice(0, 16);
  return uri(url.host, url.pathname, { kind: 'url', url: shownUrl(url) }, fragment);
}

function uri(authority: string, pathname: string, source: RemoteSource, fragment = ''): vscode.Uri {
  return vscode.Uri.from({ scheme: REMOTE_SCHEME, authority, path: pathname, query: JSON.stringify(source), fragment });
}

/** Undefined for other URIs; without what stood behind the path of an address. */
export function sourceOf({ scheme, query }: vscode.Uri): RemoteSource | undefined {
  if (scheme !== REMOTE_SCHEME) return undefined;
  try {
    return sourceWithin(JSON.parse(query));
  } catch {
    return undefined;
  }
}

/** Checked by hand: a window that opens on no dataset needs no library for it. */
function sourceWithin(value: unknown): RemoteSource | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, ...rest } = value as Record<string, unknown>;
  const fields = kind === 'url' ? ['url'] : kind === 'hub' ? ['name', 'config', 'split'] : [];
  const isWhole = fields.length > 0 && Object.keys(rest).length === fields.length;
  return isWhole && fields.every((field) => typeof rest[field] === 'string') ? (value as RemoteSource) : undefined;
}
