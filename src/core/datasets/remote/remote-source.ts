/** A dataset on another machine: a Parquet file by its address, or a split of a dataset of the Hugging Face hub. */
export type RemoteSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'hub'; readonly name: string; readonly config: string; readonly split: string };
