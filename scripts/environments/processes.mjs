// Ends, by their ids, the processes that were started with a given home folder, however they were detached.
import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

const GRACE_MS = 3_000;

/** @param {string} home a folder of this run alone, so that no other process can have it in its environment */
export async function endProcessesNaming(home) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    for (const pid of await processesWithHome(home)) send(pid, signal);
    const deadline = Date.now() + GRACE_MS;
    while (Date.now() < deadline) {
      if ((await processesWithHome(home)).length === 0) return;
      await delay(50);
    }
  }
}

async function processesWithHome(home) {
  const mark = `HOME=${home}`;
  const found = process.platform === 'linux' ? await fromProc(mark) : await fromPs(mark);
  return found.filter((pid) => pid !== process.pid);
}

async function fromProc(mark) {
  const pids = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map((pid) => fs.readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => environments[index].split('\0').includes(mark)).map(Number);
}

async function fromPs(mark) {
  const { stdout } = await execa('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], { reject: false });
  const lines = stdout.split('\n').filter((line) => line.split(' ').includes(mark));
  return lines.map((line) => Number.parseInt(line, 10));
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
