// Heavy test environments live outside the checkout, one folder per lock file, so that a new clone finds them ready.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const HEARTBEAT_MS = 2_000;
const ABANDONED_AFTER_MS = 30_000;

export function cacheRoot(env = process.env) {
  if (env.REWARD_STUDIO_CACHE) return path.resolve(env.REWARD_STUDIO_CACHE);
  return path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'reward-studio');
}

/** The cache folder of an environment: its name, this platform, and a hash of the files that define it. */
export async function cacheFolder(name, definingFiles) {
  const platform = `${process.platform}-${process.arch}`;
  const hash = createHash('sha256').update(platform);
  for (const file of definingFiles) hash.update(await fs.readFile(file));
  return path.join(cacheRoot(), `${name}-${hash.digest('hex').slice(0, 16)}`);
}

/**
 * Fills `folder` once. `install` works in a sibling that is renamed when it is complete, so an interrupted install is
 * never taken for a good one. Of two processes the second waits; were both to install, the first rename wins.
 * @param {string} folder
 * @param {(partial: string) => Promise<void>} install
 * @param {(line: string) => void} log
 */
export async function installOnce(folder, install, log) {
  if (await exists(folder)) return;
  await fs.mkdir(path.dirname(folder), { recursive: true });
  const release = await acquire(`${folder}.lock`, log);
  try {
    if (await exists(folder)) return;
    await removePartials(folder);
    const partial = `${folder}.partial-${process.pid}`;
    await fs.mkdir(partial);
    await install(partial);
    await renameUnlessThere(partial, folder);
  } finally {
    await release();
  }
}

async function acquire(lock, log) {
  for (let waiting = false; ; waiting = true) {
    try {
      await fs.writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (await abandoned(lock)) {
      await fs.rm(lock, { force: true });
      continue;
    }
    if (!waiting) log(`waiting for another install to finish (${lock})`);
    await delay(500);
  }
  const heartbeat = setInterval(() => fs.utimes(lock, new Date(), new Date()).catch(() => {}), HEARTBEAT_MS);
  return async () => {
    clearInterval(heartbeat);
    await fs.rm(lock, { force: true });
  };
}

async function abandoned(lock) {
  const [pid, stat] = await Promise.all([fs.readFile(lock, 'utf8'), fs.stat(lock)]).catch(() => []);
  if (!stat) return true;
  return Date.now() - stat.mtimeMs > ABANDONED_AFTER_MS || (pid && !alive(Number(pid)));
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** What interrupted installs left. A child of one may still be writing there: then it stays for the next time. */
async function removePartials(folder) {
  const prefix = `${path.basename(folder)}.partial-`;
  const siblings = (await fs.readdir(path.dirname(folder))).filter((name) => name.startsWith(prefix));
  for (const name of siblings) {
    await fs.rm(path.join(path.dirname(folder), name), { recursive: true, force: true }).catch(() => {});
  }
}

async function renameUnlessThere(partial, folder) {
  try {
    await fs.rename(partial, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
    await fs.rm(partial, { recursive: true, force: true });
  }
}

const exists = (file) =>
  fs.access(file).then(
    () => true,
    () => false,
  );
