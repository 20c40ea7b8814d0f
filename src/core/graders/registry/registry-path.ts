/** Where a folder that is open keeps its graders. */

import path from 'node:path';
import { STORE_FOLDER } from '../../runs/store.ts';

export const registryPath = (folder: string): string => path.join(folder, STORE_FOLDER, 'graders.json');
