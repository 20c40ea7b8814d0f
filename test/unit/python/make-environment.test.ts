import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { findPython } from '../../../scripts/environments/python.mjs';
import { findPythonPackages } from '../../../scripts/environments/python-packages.mjs';
import { StudioError } from '../../../src/core/errors.ts';
import { findProgram, interpreterIn } from '../../../src/core/python/interpreters.ts';
import {
  environmentFolder,
  installPackages,
  type MakeOptions,
  makeEnvironment,
  toolEnvironment,
} from '../../../src/core/python/make-environment.ts';
import { isOwnEnvironment } from '../../../src/core/python/own-environment.ts';
import { writeTinyWheels } from '../../tiny-wheels.ts';
import { smallDisk } from '../process/small-disk.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const python = findPython();
const packages = python && (await findPythonPackages('python-packages'));
const uv = await findProgram('uv', process.env, packages ? [path.dirname(packages)] : []);
if (!python) console.log('make-environment: skipped, there is no Python');
else if (!uv)
  console.log('make-environment: with uv skipped, uv is not there (npm test -- python-packages installs it)');

const PINS = 'tiny-trainer==1.2.0\ntiny-models==5.0.1\n';
const PACKAGES = [
  { name: 'tiny-trainer', version: '1.2.0', needs: ['tiny-models>=5'] },
  { name: 'tiny-trainer', version: '1.3.0' },
  { name: 'tiny-models', version: '5.0.1' },
];

function setUp(settings: Partial<MakeOptions> & { readonly pins?: string } = {}) {
  const folder = temporaryFolder();
  const { pins = PINS, ...options } = settings;
  const requirements = path.join(folder, 'trl.txt');
  writeFileSync(requirements, pins);
  const steps: string[] = [];
  const lines: string[] = [];
  return {
    folder,
    steps,
    lines,
    options: {
      base: python!,
      version: '3.11.7',
      requirements,
      ownFolder: path.join(folder, 'own'),
      uv,
      signal: new AbortController().signal,
      onStep: (step: string) => steps.push(step),
      onLine: (line: string) => lines.push(line),
      ...options,
    } satisfies MakeOptions,
  };
}

const installed = (interpreter: string, name: string): string =>
  execFileSync(interpreter, ['-c', `from importlib.metadata import version; print(version("${name}"))`], {
    encoding: 'utf8',
  }).trim();

async function refusalOf(work: Promise<unknown>): Promise<StudioError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StudioError);
  return error as StudioError;
}

/** Processes whose arguments name this folder. */
const processesOf = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(folder) ? [line] : [];
      } catch {
        return [];
      }
    });

/** A package index that takes every question and never answers: who asks it can be interrupted at a known moment. */
async function silentIndex() {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple` };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

const TOOLS = [
  { name: 'pip', tool: undefined, there: python !== undefined },
  { name: 'uv', tool: uv, there: python !== undefined && uv !== undefined },
];

for (const { name, tool, there } of TOOLS) {
  describe.skipIf(!there)(`an environment made by ${name}`, () => {
    const make = (options: MakeOptions) => makeEnvironment({ ...options, uv: tool });

    it('has the pinned packages of a folder of wheels, tells what it does, and is made once', async () => {
      const { options, folder, steps, lines } = setUp();
      const wheels = writeTinyWheels(python!, path.join(folder, 'wheels'), PACKAGES);
      const interpreter = await make({ ...options, wheels });
      expect(installed(interpreter, 'tiny-trainer')).toBe('1.2.0');
      expect(installed(interpreter, 'tiny-models')).toBe('5.0.1');
      expect(steps.slice(0, 2)).toEqual(['making the environment', 'installing packages']);
      expect(steps.slice(2).join('\n')).toMatch(name === 'uv' ? /Resolved 2 packages/ : /Processing \S*tiny_trainer/);
      expect(lines.filter((line) => line.startsWith('$ '))).toHaveLength(2);
      expect(lines.join('\n')).toMatch(/tiny[-_]trainer\W+1\.2\.0/);
      const environment = await environmentFolder(options);
      expect(interpreter).toBe(interpreterIn(environment));
      expect(await isOwnEnvironment(environment, options.ownFolder)).toBe(true);
      lines.length = 0;
      expect(await make({ ...options, wheels })).toBe(interpreter);
      expect(lines).toEqual([]);
    });

    it('is gone, and so are its processes, where it is cancelled while packages are fetched', async () => {
      const { server, url } = await silentIndex();
      vi.stubEnv('PIP_INDEX_URL', url);
      vi.stubEnv('PIP_FIND_LINKS', '');
      vi.stubEnv('PIP_EXTRA_INDEX_URL', '');
      const controller = new AbortController();
      const { options } = setUp({ signal: controller.signal });
      const asked = once(server, 'request');
      const refusal = refusalOf(make(options));
      await asked;
      expect(processesOf(options.ownFolder)).not.toEqual([]);
      controller.abort();
      expect((await refusal).code).toBe('cancelled');
      expect(readdirSync(options.ownFolder)).toEqual([]);
      await vi.waitFor(() => expect(processesOf(options.ownFolder)).toEqual([]), { timeout: 10_000 });
    });

    it('where the index cannot be reached, that is said in one sentence, with what to do without a network', async () => {
      // Nothing listens on the port that was free a moment ago.
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${port}/simple`);
      vi.stubEnv('PIP_FIND_LINKS', '');
      vi.stubEnv('PIP_EXTRA_INDEX_URL', '');
      vi.stubEnv('PIP_RETRIES', '1');
      const { options } = setUp();
      const refusal = await refusalOf(make(options));
      expect(refusal.message).toBe('The package index cannot be reached.');
      expect(refusal.hint).toContain('rewardStudio.python.wheelFolder');
      expect(refusal.hint).toContain('rewardStudio.python.interpreter');
      expect(readdirSync(options.ownFolder)).toEqual([]);
    });

    it('a package that the folder lacks is named, and nothing half-made stays', async () => {
      const { options, folder } = setUp({ pins: 'tiny-trainer==9.9.9\n' });
      const wheels = writeTinyWheels(python!, path.join(folder, 'wheels'), PACKAGES);
      const refusal = await refusalOf(make({ ...options, wheels }));
      expect(refusal.message).toMatch(/^There is no tiny-trainer==9\.9\.9 for this Python/);
      expect(readdirSync(options.ownFolder)).toEqual([]);
    });

    it('on a disk that is full, the disk is named instead of what the tools print, and nothing half-made stays', async (test) => {
      const disk = smallDisk('48m');
      if (!disk) return test.skip('no disk can be mounted here');
      const { options, folder } = setUp({ ownFolder: disk.folder, pins: 'tiny-models==5.0.1\n' });
      const large = [{ name: 'tiny-models', version: '5.0.1', bytes: 64 * 2 ** 20 }];
      const wheels = writeTinyWheels(python!, path.join(folder, 'wheels'), large);
      const refusal = await refusalOf(make({ ...options, wheels }));
      expect(refusal.code).toBe('disk-full');
      expect(readdirSync(disk.folder)).toEqual([]);
    });
  });
}

describe.skipIf(!python)('environments', () => {
  it('a folder of wheels that is not there is an error, as pip would go to the index', async () => {
    const { options, folder } = setUp();
    const refusal = await refusalOf(makeEnvironment({ ...options, wheels: path.join(folder, 'gone') }));
    expect(refusal.code).toBe('file-not-found');
    expect(readdirSync(options.ownFolder)).toEqual([]);
  });

  it('a disk that is full before there is any pip is told as that, though venv says only that pip did not start', async (test) => {
    const disk = smallDisk('8m');
    if (!disk) return test.skip('no disk can be mounted here');
    const { options } = setUp({ ownFolder: disk.folder, uv: undefined });
    expect((await refusalOf(makeEnvironment(options))).code).toBe('disk-full');
    expect(readdirSync(disk.folder)).toEqual([]);
  });

  it('what an ended window left half-made is made anew', async () => {
    const { options, folder } = setUp();
    const wheels = writeTinyWheels(python!, path.join(folder, 'wheels'), PACKAGES);
    const environment = await environmentFolder(options);
    mkdirSync(environment, { recursive: true });
    writeFileSync(path.join(environment, 'left-behind'), '');
    await makeEnvironment({ ...options, wheels });
    expect(existsSync(path.join(environment, 'left-behind'))).toBe(false);
  });

  it('while one is being made, another window is told so, and does not touch it', async () => {
    const { server, url } = await silentIndex();
    vi.stubEnv('PIP_INDEX_URL', url);
    vi.stubEnv('PIP_FIND_LINKS', '');
    const controller = new AbortController();
    const { options } = setUp({ signal: controller.signal });
    const asked = once(server, 'request');
    const first = refusalOf(makeEnvironment(options));
    await asked;
    const second = await refusalOf(makeEnvironment({ ...options, signal: new AbortController().signal }));
    expect(second.message).toBe('This environment is being made already, here or in another window.');
    expect(existsSync(interpreterIn(await environmentFolder(options)))).toBe(true);
    controller.abort();
    await first;
  });

  it('other packages, and another minor version of Python, are another environment', async () => {
    const { options } = setUp();
    const one = await environmentFolder(options);
    expect(await environmentFolder({ ...options, version: '3.11.9' })).toBe(one);
    expect(await environmentFolder({ ...options, version: '3.12.0' })).not.toBe(one);
    writeFileSync(options.requirements, `${PINS}tiny-more==1\n`);
    expect(await environmentFolder(options)).not.toBe(one);
  });

  it('packages installed into an environment of somebody else leave its other packages, and it is not ours after', async () => {
    const { options, folder } = setUp();
    const wheels = writeTinyWheels(python!, path.join(folder, 'wheels'), PACKAGES);
    const theirs = path.join(folder, 'own', 'theirs');
    execFileSync(python!, ['-m', 'venv', theirs]);
    const interpreter = interpreterIn(theirs);
    execFileSync(interpreter, ['-m', 'pip', 'install', '-q', '--no-index', '--find-links', wheels, 'tiny-trainer']);
    expect(installed(interpreter, 'tiny-trainer')).toBe('1.3.0');
    writeFileSync(options.requirements, 'tiny-models==5.0.1\n');
    await installPackages({ ...options, wheels }, interpreter, theirs);
    expect(installed(interpreter, 'tiny-trainer')).toBe('1.3.0');
    expect(installed(interpreter, 'tiny-models')).toBe('5.0.1');
    expect(await isOwnEnvironment(theirs, options.ownFolder)).toBe(false);
  });

  it('a mark in a folder of a workspace does not make it ours', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, '.venv'));
    writeFileSync(path.join(folder, '.venv', 'reward-studio.json'), '{}');
    expect(await isOwnEnvironment(path.join(folder, '.venv'), path.join(folder, 'own'))).toBe(false);
  });

  it('uv is told of the index, the wheels and the certificates that pip is told of, unless it has its own', () => {
    const env = {
      PIP_INDEX_URL: 'http://127.0.0.1/simple',
      PIP_FIND_LINKS: '/wheels /more',
      PIP_CERT: '/ca.pem',
      UV_DEFAULT_INDEX: 'http://127.0.0.1/own',
    };
    expect(toolEnvironment(env)).toEqual({
      VIRTUAL_ENV: '',
      PYTHONNOUSERSITE: '1',
      UV_FIND_LINKS: '/wheels,/more',
      SSL_CERT_FILE: '/ca.pem',
    });
  });
});
