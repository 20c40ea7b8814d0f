/** A real sshd on loopback with keys and a port of its own, and the client's configuration that reaches it. */

import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import { findSshd } from '../../scripts/environments/sshd.mjs';

export class Sshd {
  readonly folder: string;
  readonly port: number;
  /** For `ssh -F`: knows the machine as `box`. */
  readonly config: string;
  #server: ReturnType<typeof startServer>;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
    this.config = path.join(folder, 'client-config');
    this.#server = startServer(folder);
  }

  static async start(): Promise<Sshd> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'rs-sshd-'));
    const port = await freePort();
    makeKey(path.join(folder, 'host-key'));
    makeKey(path.join(folder, 'user-key'));
    writeFileSync(path.join(folder, 'authorized_keys'), readFileSync(path.join(folder, 'user-key.pub')));
    const options = {
      Port: port,
      ListenAddress: '127.0.0.1',
      HostKey: path.join(folder, 'host-key'),
      AuthorizedKeysFile: path.join(folder, 'authorized_keys'),
      PidFile: 'none',
      StrictModes: 'no',
      UsePAM: 'no',
      PasswordAuthentication: 'no',
      PermitRootLogin: 'yes',
      // Many connections at once are what the tests do.
      MaxStartups: '100:30:200',
    };
    writeFileSync(path.join(folder, 'sshd-config'), lines(options));
    // Where sshd drops its rights: the system makes it when its own server starts.
    if (!existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
    const sshd = new Sshd(folder, port);
    sshd.trustHostKey();
    sshd.reachThrough(port);
    await sshd.#listening();
    return sshd;
  }

  /** The client connects to this port of the machine. */
  reachThrough(port: number): void {
    const client = {
      HostName: '127.0.0.1',
      // The key is that of the machine, whatever the way there.
      HostKeyAlias: 'box',
      Port: port,
      User: os.userInfo().username,
      IdentityFile: path.join(this.folder, 'user-key'),
      IdentitiesOnly: 'yes',
      UserKnownHostsFile: path.join(this.folder, 'known_hosts'),
      GlobalKnownHostsFile: 'none',
      StrictHostKeyChecking: 'yes',
    };
    writeFileSync(this.config, `Host box\n${lines(client)}`);
  }

  /** The key that the client knows is the one that the server has, or another. */
  trustHostKey(key = path.join(this.folder, 'host-key.pub')): void {
    const [kind, value] = readFileSync(key, 'utf8').split(' ');
    writeFileSync(path.join(this.folder, 'known_hosts'), `box ${kind} ${value}\n`);
  }

  distrustHostKey(): void {
    makeKey(path.join(this.folder, 'other-key'));
    this.trustHostKey(path.join(this.folder, 'other-key.pub'));
  }

  /** The machine is off: the server and its connections end. */
  async stop(): Promise<void> {
    this.cutConnections();
    this.#server.kill();
    await this.#server;
  }

  /** The network is cut: all sessions end, and the server stays. What was started there and left them goes on. */
  cutConnections(): void {
    const { stdout } = execaSync('ps', ['-eo', 'pid=,ppid=']);
    const parents = new Map(stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
    const isBelow = (pid: number | undefined): boolean =>
      pid !== undefined && (pid === this.#server.pid || isBelow(parents.get(pid)));
    for (const [pid, parent] of parents) {
      if (!isBelow(parent)) continue;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself, with the one above it.
      }
    }
  }

  async restart(): Promise<void> {
    this.#server = startServer(this.folder);
    await this.#listening();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #listening(): Promise<void> {
    for (let said = ''; !said.includes('Server listening'); ) {
      const [chunk] = (await once(this.#server.stderr, 'data')) as [Buffer];
      said += chunk.toString();
    }
    this.#server.stderr.resume();
  }
}

function startServer(folder: string) {
  const sshd = findSshd();
  if (!sshd) throw new Error('There is no sshd: npm test -- ssh installs it.');
  return execa(sshd, ['-D', '-e', '-f', path.join(folder, 'sshd-config')], {
    reject: false,
    stdin: 'ignore',
    buffer: false,
  });
}

const makeKey = (file: string) => {
  rmSync(file, { force: true });
  execaSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
};

const lines = (options: Readonly<Record<string, string | number>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
