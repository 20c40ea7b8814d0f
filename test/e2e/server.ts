/** The server of a workbench, which tests can kill as a crash would, and start again at the same address. */

import { execa } from 'execa';
import { expect } from 'vitest';
import {
  type CodeServerOptions,
  type CodeServerProcess,
  startCodeServer,
} from '../../scripts/environments/code-server-process.mjs';

const GONE_MS = 30_000;

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly command: string;
}

export class WorkbenchServer {
  readonly #options: CodeServerOptions;
  #process: CodeServerProcess;

  private constructor(options: CodeServerOptions, process: CodeServerProcess) {
    this.#options = options;
    this.#process = process;
  }

  static async start(options: CodeServerOptions): Promise<WorkbenchServer> {
    return new WorkbenchServer(options, await startCodeServer(options));
  }

  get url(): string {
    return this.#process.url;
  }

  /** The processes of all windows in which extensions run; resolves when they are gone. */
  async killExtensionHosts(): Promise<void> {
    const hosts = (await this.#ownProcesses()).filter(({ command }) => command.includes('--type=extensionHost'));
    expect(hosts.length, 'an extension host runs').toBeGreaterThan(0);
    await killed(hosts);
  }

  /** The server and all that it started, but for what was detached from it; resolves when they are gone. */
  async kill(): Promise<void> {
    await killed(await this.#ownProcesses());
    await this.#process.exited;
  }

  /** After `kill`. */
  async startAgain(): Promise<void> {
    const { vsix: _, ...options } = this.#options;
    this.#process = await startCodeServer({ ...options, port: Number(new URL(this.url).port) });
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** What was detached, as trainers are, leads a process group of its own. */
  async #ownProcesses(): Promise<ProcessLine[]> {
    const all = await processes();
    const server = all.filter(({ pid }) => pid === this.#process.pid);
    const own = [...server];
    for (const parent of own) {
      own.push(...all.filter((child) => child.parent === parent.pid && child.group === server[0]?.group));
    }
    return own;
  }
}

async function killed(targets: readonly ProcessLine[]): Promise<void> {
  for (const { pid } of targets) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  const gone = async () => {
    const left = new Set((await processes()).map(({ pid }) => pid));
    return targets.every(({ pid }) => !left.has(pid));
  };
  await expect.poll(gone, { timeout: GONE_MS }).toBe(true);
}

async function processes(): Promise<ProcessLine[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,ppid=,pgid=,stat=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // A zombie has ended: it only waits to be reaped.
    if (pid === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), command }];
  });
}
