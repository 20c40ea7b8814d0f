/** Where page locations are kept for a person, by the customs of the system. */

import os from 'node:os';
import path from 'node:path';

export function pageIndexFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return path.join(cacheFolder(environment, platform), 'reward-studio', 'parquet-pages');
}

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  // A relative path is to be ignored; see https://specifications.freedesktop.org/basedir-spec/latest/.
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (platform === 'win32') return LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local');
  return platform === 'darwin' ? path.join(os.homedir(), 'Library', 'Caches') : path.join(os.homedir(), '.cache');
}
