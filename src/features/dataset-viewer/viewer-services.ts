import type { Studio } from '../studio.ts';
import type { RemoteDatasets } from './remote-datasets.ts';

/** What the viewer needs of the extension. */
export interface ViewerServices extends Pick<Studio, 'runtime' | 'log'> {
  readonly remotes: RemoteDatasets;
}
