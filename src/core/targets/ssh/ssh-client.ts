/** The system's OpenSSH with the person's own configuration, agent, jump hosts and known hosts; one connection is shared. */

import { mkdirSync } from 'node:fs';
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
      ...(process.platform === 'win32'
        ? {}
        : { ControlMaster: 'auto', ControlPath: path.join(socketFolder(), '%C'), ControlPersist: '60' }),
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

/** Of this user alone; short, since the path of a socket may have little more than a hundred letters. */
function socketFolder(): string {
  const folder = path.join(os.tmpdir(), `rs-ssh-${os.userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
