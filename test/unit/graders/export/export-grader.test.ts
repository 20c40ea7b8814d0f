import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findPython } from '../../../../scripts/environments/python.mjs';
import { assembleModule, pythonJson } from '../../../../src/core/graders/export/assemble-module.ts';
import { EXAMPLES, runCli, runCliJson } from '../../cli/run-cli.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const python = findPython();

test('parts become one module: imports once, at the top, what parts take from each other left out', () => {
  const module = assembleModule('About.', [
    '"""First."""\n\nfrom __future__ import annotations\n\nimport re\nfrom typing import Any\n\nA: Any = re\n',
    '"""Second\npart."""\n\nfrom __future__ import annotations\n\nfrom typing import Union\n\nfrom openjudge.graders.schema import B\nfrom reward_studio.first import A\n\nC = Union[A, B]\n',
  ]);
  expect(module).toBe(
    '"""About."""\n\nfrom __future__ import annotations\n\nimport re\nfrom typing import Any, Union\n\nfrom openjudge.graders.schema import B\n\nA: Any = re\n\n\nC = Union[A, B]\n',
  );
});

test.skipIf(!python)('any JSON is the same value in Python', () => {
  const value = {
    quotes: `'''"\\' """`,
    brackets: 'keep [ 1,  2 ] as it is',
    lines: 'a\nb\u2028c\\n',
    astral: '😀',
    control: '\u0000\u007f',
    numbers: [1, -2.5, 3e21],
    none: [null, true, false, []],
  };
  const program = `import json\nprint(json.dumps(${pythonJson(value)}))`;
  expect(JSON.parse(execFileSync(python!, ['-c', program], { encoding: 'utf8' }))).toEqual(value);
});

function modelFolder(): string {
  const folder = path.join(temporaryFolder(), 'model');
  mkdirSync(folder);
  const grader = { version: 1, kind: 'reward', method: 'bradley-terry', scale: 'logit-within-prompt' };
  writeFileSync(path.join(folder, 'grader.json'), JSON.stringify(grader));
  return folder;
}

test('a file that is there already is not written over', async () => {
  const model = modelFolder();
  const out = path.join(path.dirname(model), 'grader.py');
  const args = ['graders', 'export', model, '--out', out];
  expect(await runCliJson(EXAMPLES, args)).toEqual({
    form: 'openjudge',
    file: out,
    names: ['RewardGrader', 'RewardRanker'],
  });
  writeFileSync(out, 'mine');
  const { exitCode, stderr } = await runCli(EXAMPLES, args);
  expect({ exitCode, text: readFileSync(out, 'utf8') }).toEqual({ exitCode: 2, text: 'mine' });
  expect(stderr).toContain('There is a file already.');
});

test('an embedded model is refused with the reason', async () => {
  const folder = temporaryFolder();
  const data = path.join(EXAMPLES, 'bradley-terry/train.parquet');
  await runCliJson(folder, ['train', data, '--method', 'bt']);
  const { exitCode, stderr } = await runCli(folder, ['graders', 'export', 'bradley-terry-train']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('An embedded model grades in Reward Studio alone: Python cannot load it.');
});
