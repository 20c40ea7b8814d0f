import type { Studio } from '../studio.ts';

/** What the viewer needs of the extension. */
export type ViewerServices = Pick<Studio, 'runtime' | 'log'>;
