/** Datasets of the Hugging Face hub: which Parquet files make up which split. */

import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import { remoteUrl } from './remote-name.ts';
import { type RemoteAccess, refusal, request } from './request.ts';

const HUB_ORIGIN = 'https://huggingface.co';
const Listing = z.record(z.string(), z.record(z.string(), z.array(z.string())));

export interface HubSplit {
  readonly config: string;
  readonly split: string;
  readonly files: readonly URL[];
}

/**
 * The splits of a dataset; the hub makes Parquet files of datasets in other formats.
 * @throws StudioError 'file-not-found' where it has none, and as `request`
 */
export async function hubSplits(name: string, access: RemoteAccess, signal?: AbortSignal): Promise<HubSplit[]> {
  const path = name.split('/').map(encodeURIComponent).join('/');
  const answer = await request(new URL(`${withoutSlash(access.hub)}/api/datasets/${path}/parquet`), access, { signal });
  if (!answer.response.ok) {
    await answer.response.body?.cancel();
    throw atHub(name, refusal(answer, access));
  }
  const listing = Listing.safeParse(await answer.response.json().catch(() => undefined));
  if (!listing.success) {
    throw new StudioError('not-available', 'The hub answers with something else than a list of files.', {
      where: { file: name },
      hint: `Check what ${access.hub.host} is.`,
    });
  }
  return Object.entries(listing.data).flatMap(([config, splits]) =>
    Object.entries(splits).map(([split, urls]) => ({
      config,
      split,
      files: urls.map((url) => fileAt(url, access.hub)),
    })),
  );
}

/** @throws StudioError 'file-not-found' */
export async function hubFiles(
  { name, config, split }: { readonly name: string; readonly config: string; readonly split: string },
  access: RemoteAccess,
  signal?: AbortSignal,
): Promise<readonly URL[]> {
  const splits = await hubSplits(name, access, signal);
  const found = splits.find((other) => other.config === config && other.split === split);
  if (found && found.files.length > 0) return found.files;
  const known = splits.map((other) => `${other.config}/${other.split}`).join(', ');
  throw new StudioError('file-not-found', `The dataset has no Parquet files for ${config}/${split}.`, {
    where: { file: name },
    hint: known === '' ? 'It has none at all.' : `It has ${known}.`,
  });
}

/** A hub in the place of the first one lists files at the address of the first. */
function fileAt(address: string, hub: URL): URL {
  const own = address.startsWith(`${HUB_ORIGIN}/`) ? withoutSlash(hub) + address.slice(HUB_ORIGIN.length) : address;
  return remoteUrl(own);
}

const withoutSlash = (url: URL): string => url.href.replace(/\/$/, '');

/** The address that was asked says less than the name of the dataset. */
function atHub(name: string, { code, message, hint }: StudioError): StudioError {
  return new StudioError(code, message, { where: { file: name }, ...(hint !== undefined && { hint }) });
}
