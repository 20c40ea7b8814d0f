// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of shell scripts

import { execaSync } from 'execa';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLaunch } from '../../../src/core/runs/import-script/find-launch.ts';
import { textOf } from '../../../src/core/runs/import-script/shell-variables.ts';
import { launch } from './imported-script.ts';

const bashIsHere = execaSync('bash', ['-c', ':'], { reject: false }).exitCode === 0;

const BEFORE = `A=av; E=; W="one  two "; L=(l1 "l 2" ''); L+=(l3)`;

/** Pieces of arguments, whole in themselves: any row of them is a command that bash accepts. */
const PIECES = [
  ...['a', 'b c', '=', 'k.v=', '[a,b]', '{a: 1}', '!', '^', '%', ' ', '  ', '\t', '\n', '\\\n '],
  ...[
    "'q r'",
    '"q r"',
    '""',
    "''",
    '"\\$A"',
    "\\'",
    '"it\'s"',
    '"a\\b"',
    '\\\\',
    '\\ ',
    "$'t\\tt'",
    '$"z"',
    '#',
    'x#y',
  ],
  ...['${A}', '"$A"', '${E}', '${W}', '"${W}"', '${W}x', '${L}', '${L[@]}', '"${L[@]}"', '"a${L[@]}b"', '"${L}"'],
  ...[
    '${U:-x y}',
    '${U:-"x y"}',
    '"${U:-x y}"',
    "${U:-'x y'}",
    '${U:-${A}-${E:-n}}',
    '"${U:-\'x y\'}"',
    '"${U:-"in ner"}"',
  ],
  ...['${E:-d}', '${E-d}', '${A:+p q}', '${E:+p}', '${E+p}', ' 2>/dev/null ', ' >/dev/null '],
];

/** What bash passes on in each script: the trainer is a function that prints its arguments, each ended by a NUL. */
function argumentsInBash(scripts: readonly string[]): string[][] {
  const python = `exec 9>&1; python() { printf '%s\\0' "$@" END >&9; }`;
  // A piece may end a line, and what stands on the next is then a command: none is found, and none decides how bash ends.
  const all = [python, 'PATH=', ...scripts, 'exit 0'].join('\n');
  const { stdout } = execaSync('bash', ['--norc', '-c', all], { stderr: 'ignore' });
  const ends = stdout.split('END\0').slice(0, -1);
  return ends.map((printed) => printed.split('\0').slice(2, -1));
}

describe.skipIf(!bashIsHere)('beside bash (needs bash)', () => {
  it('any arguments are those that bash passes on', () => {
    const words = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 10 });
    const scripts = fc.sample(words, 500).map((pieces) => launch(pieces.join(''), BEFORE));
    const read = scripts.map((script) => findLaunch(script, {}).launch.overrides.map(({ value }) => textOf(value)));
    const inBash = argumentsInBash(scripts);
    expect(inBash).toHaveLength(scripts.length);
    scripts.forEach((script, index) => {
      expect(read[index], script).toEqual(inBash[index]);
    });
  });
});
