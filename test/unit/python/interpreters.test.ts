import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findInterpreters, findProgram, interpreterIn } from '../../../src/core/python/interpreters.ts';
import { markComplete } from '../../../src/core/python/own-environment.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const windows = process.platform === 'win32';

/** Files that stand where programs do: finding looks at files and starts none. */
function program(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'exit 1');
  chmodSync(file, 0o755);
  return file;
}

function venv(folder: string, base?: string): string {
  const interpreter = interpreterIn(folder);
  mkdirSync(path.dirname(interpreter), { recursive: true });
  if (base === undefined) program(interpreter);
  else symlinkSync(base, interpreter);
  writeFileSync(path.join(folder, 'pyvenv.cfg'), 'home = /somewhere\n');
  return interpreter;
}

function conda(folder: string): string {
  mkdirSync(path.join(folder, 'conda-meta'), { recursive: true });
  return program(path.join(folder, 'bin', 'python'));
}

const nowhere = () => ({ workspaceFolders: [], env: {}, home: temporaryFolder() });

describe.skipIf(windows)('interpreters of this machine', () => {
  it('are found in every place, best first, with the environment they belong to', async () => {
    const home = temporaryFolder();
    const workspace = path.join(home, 'project');
    const ownFolder = path.join(home, 'own');
    const own = venv(path.join(ownFolder, 'trl-3.11-0'));
    await markComplete(path.join(ownFolder, 'trl-3.11-0'), { base: 'python3', requirements: 'trl.txt' });
    const chosen = program(path.join(home, 'chosen', 'python3.12'));
    const editorChoice = venv(path.join(home, 'of-the-editor'));
    const active = venv(path.join(home, 'active'));
    const hidden = venv(path.join(workspace, '.venv'));
    const shown = venv(path.join(workspace, 'venv'));
    const ofConda = conda(path.join(home, 'miniconda', 'envs', 'rm'));
    mkdirSync(path.join(home, '.conda'));
    writeFileSync(
      path.join(home, '.conda', 'environments.txt'),
      `${path.join(home, 'gone')}\n${path.join(home, 'miniconda', 'envs', 'rm')}\n\n`,
    );
    const ofUv = program(path.join(home, '.local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3'));
    const onPath = program(path.join(home, 'usr', 'bin', 'python3'));
    expect(
      await findInterpreters({
        chosen,
        editorChoice,
        workspaceFolders: [workspace],
        ownFolder,
        home,
        env: { VIRTUAL_ENV: path.join(home, 'active'), PATH: `relative:${path.dirname(onPath)}` },
      }),
    ).toEqual([
      { executable: chosen, source: 'setting', environment: undefined },
      { executable: own, source: 'own environment', environment: path.join(ownFolder, 'trl-3.11-0') },
      { executable: editorChoice, source: 'Python extension', environment: path.join(home, 'of-the-editor') },
      { executable: active, source: 'activated environment', environment: path.join(home, 'active') },
      { executable: hidden, source: 'workspace', environment: path.join(workspace, '.venv') },
      { executable: shown, source: 'workspace', environment: path.join(workspace, 'venv') },
      { executable: ofConda, source: 'conda', environment: path.join(home, 'miniconda', 'envs', 'rm') },
      { executable: ofUv, source: 'uv', environment: undefined },
      { executable: onPath, source: 'PATH', environment: undefined },
    ]);
  });

  it('the one that the setting names is listed also where it is not there: it is then told why it cannot be used', async () => {
    const chosen = path.join(temporaryFolder(), 'gone', 'python');
    expect(await findInterpreters({ ...nowhere(), chosen })).toEqual([
      { executable: chosen, source: 'setting', environment: undefined },
    ]);
  });

  it('an active conda environment and a folder that UV_PYTHON_INSTALL_DIR names are found', async () => {
    const home = temporaryFolder();
    const ofConda = conda(path.join(home, 'env'));
    const ofUv = program(path.join(home, 'pythons', 'cpython-3.12.4-linux-x86_64-gnu', 'bin', 'python3'));
    const env = { CONDA_PREFIX: path.join(home, 'env'), UV_PYTHON_INSTALL_DIR: path.join(home, 'pythons') };
    const found = await findInterpreters({ ...nowhere(), env });
    expect(found.map(({ executable, source }) => [executable, source])).toEqual([
      [ofConda, 'activated environment'],
      [ofUv, 'uv'],
    ]);
  });

  it('are each listed once, by whatever names they are reached', async () => {
    const home = temporaryFolder();
    const newer = program(path.join(home, 'bin', 'python3.12'));
    const standard = program(path.join(home, 'bin', 'python3.10'));
    symlinkSync(standard, path.join(home, 'bin', 'python3'));
    symlinkSync(standard, path.join(home, 'bin', 'python'));
    symlinkSync(path.join(home, 'bin'), path.join(home, 'sbin'));
    const env = { PATH: `${path.join(home, 'bin')}:${path.join(home, 'sbin')}` };
    const found = await findInterpreters({ ...nowhere(), env });
    expect(found.map(({ executable }) => executable)).toEqual([path.join(home, 'bin', 'python3'), newer]);
  });

  it('two environments made of one Python are two', async () => {
    const home = temporaryFolder();
    const base = program(path.join(home, 'bin', 'python3'));
    const first = venv(path.join(home, '.venv'), base);
    const second = venv(path.join(home, 'venv'), base);
    const env = { PATH: path.dirname(base) };
    const found = await findInterpreters({ ...nowhere(), workspaceFolders: [home], env });
    expect(found.map(({ executable }) => executable)).toEqual([first, second, base]);
  });

  it('a half-made environment of our own is not offered', async () => {
    const ownFolder = temporaryFolder();
    venv(path.join(ownFolder, 'trl-3.11-0'));
    expect(await findInterpreters({ ...nowhere(), ownFolder })).toEqual([]);
  });

  it('a program is looked for on PATH first, never in folders that are relative', async () => {
    const home = temporaryFolder();
    const later = program(path.join(home, '.local', 'bin', 'uv'));
    const more = [path.dirname(later)];
    expect(await findProgram('uv', { PATH: '.' }, more)).toBe(later);
    const first = program(path.join(home, 'bin', 'uv'));
    expect(await findProgram('uv', { PATH: `.:${path.dirname(first)}` }, more)).toBe(first);
    expect(await findProgram('uv', {}, [home])).toBeUndefined();
  });
});
