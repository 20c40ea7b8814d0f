/** What a person names on another machine: the address of a Parquet file, or a split of a dataset of the Hugging Face hub. */

import { StudioError } from '../../errors.ts';

export type RemoteSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'hub'; readonly name: string; readonly config: string; readonly split: string };

/** A dataset of the hub whose split may still have to be chosen. */
export interface HubName {
  readonly kind: 'hub';
  readonly name: string;
  readonly config?: string;
  readonly split?: string;
}

const PART = '[\\w.-]+';
const HUB_NAME = new RegExp(`^(${PART}(?:/${PART})?)(?:/(${PART})/(${PART}))?$`);
/** Pages of the hub's site that are about a dataset. */
const HUB_PAGE = new RegExp(`^/datasets/(${PART}/${PART})(?:/tree/main|/viewer(?:/(${PART})/(${PART}))?)?/?$`);

/**
 * @param text an address, or `owner/name`, with `/config/split` behind it or without
 * @param hub where the hub is: the address of a dataset's page there names the dataset
 * @throws StudioError 'usage'
 */
export function readRemoteName(text: string, hub: URL): HubName | { readonly kind: 'url'; readonly url: URL } {
  const name = text.trim();
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
    const url = remoteUrl(name);
    const page = url.origin === hub.origin ? HUB_PAGE.exec(url.pathname) : null;
    if (page) return hubName(page);
    // The page about a file leads to the file itself.
    if (url.origin === hub.origin)
      url.pathname = url.pathname.replace(/^(\/datasets\/[^/]+\/[^/]+)\/blob\//, '$1/resolve/');
    return { kind: 'url', url };
  }
  const found = HUB_NAME.exec(name);
  if (found && !/(^|\/)\.+(\/|$)/.test(name)) return hubName(found);
  throw new StudioError('usage', 'This is neither an address nor the name of a dataset.', {
    hint: 'Give https://… of a Parquet file, or owner/name of a dataset on the Hugging Face hub.',
  });
}

function hubName([, name = '', config, split]: RegExpExecArray): HubName {
  return { kind: 'hub', name, ...(config !== undefined && split !== undefined && { config, split }) };
}

/**
 * An address that may be fetched from: https, or http on this machine only, without a password in it.
 * @throws StudioError 'usage'
 */
export function remoteUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new StudioError('usage', 'This is not an address.', { hint: 'Give one that begins with https://.' });
  if (url.username !== '' || url.password !== '') {
    throw new StudioError('usage', 'An address with a user name or password in it is not opened.', {
      hint: 'Leave them out: windows remember addresses.',
    });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url;
  throw new StudioError(
    'usage',
    `An address with ${url.protocol}// is not opened: others could read or change what is sent.`,
    {
      hint: 'Give one that begins with https://.',
    },
  );
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** The address as it may be shown and logged: what stands behind the path may be a key. */
export const shownUrl = (url: URL): string => url.origin + url.pathname;

/** The source as a person knows it. */
export function shownSource(source: RemoteSource): string {
  return source.kind === 'url' ? shownUrl(new URL(source.url)) : `${source.name} (${source.config}, ${source.split})`;
}
