/** Environments that this program has made: folders of its own, each with a mark that is written last. */

import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';

const MARK = 'reward-studio.json';

export interface OwnEnvironment {
  /** The interpreter that it was made of. */
  readonly base: string;
  /** Name of the file that listed its packages. */
  readonly requirements: string;
}

/** What has no mark is half-made: whoever made it was ended. */
export const isComplete = (environment: string): Promise<boolean> =>
  access(path.join(environment, MARK)).then(
    () => true,
    () => false,
  );

/** A mark alone says nothing: folders of others, those of a workspace too, may hold any file. */
export const isOwnEnvironment = async (environment: string, ownFolder: string): Promise<boolean> =>
  path.dirname(path.resolve(environment)) === path.resolve(ownFolder) && (await isComplete(environment));

export const markComplete = (environment: string, made: OwnEnvironment): Promise<void> =>
  writeFile(path.join(environment, MARK), `${JSON.stringify(made)}\n`);
