import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execaSync } from 'execa';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { quoteCommand } from '../../../src/core/targets/ssh/shell-word.ts';
import { SshClient } from '../../../src/core/targets/ssh/ssh-client.ts';
import { parseSshName } from '../../../src/core/targets/ssh/ssh-name.ts';

describe('words for the shell of another machine', () => {
  it('arrive as they are, whatever they hold', () => {
    const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && !/[\ud800-\udfff]/.test(text));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const program = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
        const line = quoteCommand([process.execPath, '-e', program, '--', ...words], { ODD: words[0] ?? '' });
        const { stdout } = execaSync('sh', ['-c', line]);
        expect(JSON.parse(stdout)).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });

  it('begin with a program that may lie in the home folder there', () => {
    const { stdout } = execaSync('sh', ['-c', quoteCommand(['~/it is/here', 'a']).replace('exec env', 'echo')], {
      env: { HOME: '/home of/me' },
    });
    expect(stdout).toBe('/home of/me/it is/here a');
  });
});

describe('the name of a host', () => {
  it.each([
    ['ssh:box', { destination: 'box', port: undefined }],
    ['ssh:me@gpu-box.example', { destination: 'me@gpu-box.example', port: undefined }],
    ['ssh:me@10.0.0.7:2222', { destination: 'me@10.0.0.7', port: 2222 }],
    ['ssh:[fe80::1%eth0]:22', { destination: 'fe80::1%eth0', port: 22 }],
  ])('%s is read', (name, read) => {
    expect(parseSshName(name)).toEqual(read);
  });

  it.each(['ssh:-oProxyCommand=x', 'ssh:a b', "ssh:'a'", 'ssh:me@-x', 'ssh:', 'ssh:a:99999', 'ssh:a;b', 'ssh:$(x)'])(
    '%s is refused',
    (name) => {
      expect(() => parseSshName(name)).toThrow(/names no host/);
    },
  );

  it("shares a connection only in a folder that is nobody else's", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'rs-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const args = () => new SshClient(parseSshName('ssh:box')).args({ words: ['true'] }).join(' ');
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const sockets = path.join(folder, `rs-ssh-${os.userInfo().uid}`);
    expect(args()).toContain(`ControlPath=${sockets}/%C`);
    chmodSync(sockets, 0o777);
    expect(args()).not.toContain('ControlMaster');
    rmSync(sockets, { recursive: true });
    symlinkSync(os.tmpdir(), sockets);
    expect(args()).not.toContain('ControlMaster');
  });

  it('is never an option, and the agent is never forwarded', () => {
    const args = new SshClient(parseSshName('ssh:box')).args({ words: ['true'] });
    expect(args.slice(-3)).toEqual(['--', 'box', "exec env 'true'"]);
    expect(args.join(' ')).toContain('ForwardAgent=no');
    expect(args.join(' ')).not.toMatch(/StrictHostKeyChecking/);
  });
});
