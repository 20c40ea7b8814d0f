/** The system's OpenSSH with the person's own configuration, agent, jump hosts and known hosts; one connection is shared. */

import { lstatSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { StudioError } from '../../errors.ts';
import { quoteCommand } from './shell-word.ts';
import { SSH_FAILED, sshFailure } from './ssh-failure.ts';
import type { SshName } from './ssh-name.ts';

/** An SSH configuration in place of the person's own: of an odd set-up, and of tests. */
export const CONFIG_VARIABLE = 'REWARD_STUDIO_SSH_CONFIG';

export interface RemoteCommand {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly input?: string;
}

export class SshClient {
  readonly name: SshName;

  constructor(name: SshName) {
    this.name = name;
  }

  /** Argument vector of a connection: what is started there comes last, as the one line that its shell reads. */
  args(command: RemoteCommand): string[] {
    const config = process.env[CONFIG_VARIABLE];
    const { port, destination } = this.name;
    const options = {
      // Whoever is asked something could not answer.
      BatchMode: 'yes',
      ForwardAgent: 'no',
      ForwardX11: 'no',
      ClearAllForwardings: 'yes',
      // A network that is gone is noticed within half a minute.
      ConnectTimeout: '15',
      ServerAliveInterval: '10',
      ServerAliveCountMax: '3',
      ...sharing(),
    };
    return [
      ...(config === undefined ? [] : ['-F', config]),
      '-T',
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      ...(port === undefined ? [] : ['-p', String(port)]),
      '--',
      destination,
      quoteCommand(command.words, command.env),
    ];
  }

  /** Starts a command there; its streams are the caller's. */
  start(command: RemoteCommand, signal: AbortSignal) {
    return execa('ssh', this.args(command), {
      reject: false,
      cancelSignal: signal,
      forceKillAfterDelay: 2_000,
      encoding: 'buffer',
      buffer: { stdout: false, stderr: true },
      stdin: 'pipe',
    });
  }

  /** Runs a command there to its end. @throws StudioError 'not-reachable', 'cancelled' */
  async run(
    command: RemoteCommand,
    { signal, input = '' }: RunOptions,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const result = await execa('ssh', this.args(command), {
      reject: false,
      cancelSignal: signal,
      forceKillAfterDelay: 2_000,
      input,
    });
    if (result.isCanceled) throw new StudioError('cancelled', 'Cancelled.');
    if (result.exitCode === undefined || result.exitCode === SSH_FAILED) {
      throw this.failure(result.exitCode === undefined ? String(result.cause ?? '') : result.stderr, result.cause);
    }
    return { code: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  }

  failure(said: string, cause?: unknown): StudioError {
    if (/ENOENT/.test(said) && /spawn/.test(said)) {
      return new StudioError('not-available', 'There is no program "ssh" on this machine.', {
        hint: 'Install the OpenSSH client.',
        cause,
      });
    }
    return sshFailure(this.name.destination, said, cause);
  }
}

/** What lets several connections share one; nothing where no folder for its socket is this user's alone. */
function sharing(): Record<string, string> {
  const folder = process.platform === 'win32' ? undefined : socketFolder();
  if (folder === undefined) return {};
  return { ControlMaster: 'auto', ControlPath: path.join(folder, '%C'), ControlPersist: '60' };
}

/** The path of a socket has some hundred letters at most, of which its name takes 57. */
const LONGEST_FOLDER = 45;

/** In a folder that others write to, somebody else may have made it, and would then be who we speak with. */
function socketFolder(): string | undefined {
  const { uid } = os.userInfo();
  const parent = os.tmpdir().length < LONGEST_FOLDER ? os.tmpdir() : '/tmp';
  const folder = path.join(parent, `rs-ssh-${uid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}
