// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of shell scripts

import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../src/core/errors.ts';
import { importScriptFile } from '../../../src/core/runs/import-script/import-script-file.ts';
import { parseRunFile } from '../../../src/core/runs/spec.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { imported, LAUNCH_LINE, launch, settingsOf } from './imported-script.ts';

describe('a shell script is read as a shell reads it', () => {
  it.each([
    ['single quotes', "trainer.x='a $B `c`'", '', 'a $B `c`'],
    ['double quotes', 'trainer.x="a $B \\" \\$"', 'B=b', 'a b " $'],
    ['both in one word', `trainer.x=a"b"'c'`, '', 'abc'],
    ['ANSI-C quotes', "trainer.x=$'a\\tb'", '', 'a\tb'],
    ['an assignment', 'trainer.x=$B', 'B=b', 'b'],
    ['an exported one', 'trainer.x=${B}', 'export A=1 B=b', 'b'],
    ['the latest of several', 'trainer.x=$B', 'B=a; B=b', 'b'],
    ['one from another', 'trainer.x=$B', 'A=a; B="$A-$A"', 'a-a'],
    ['appended text', 'trainer.x=$B', 'B=a\nB+=b', 'ab'],
    ['a default', 'trainer.x=${B:-b}', '', 'b'],
    ['a default not needed', 'trainer.x=${B:-b}', 'B=a', 'a'],
    ['a default for the empty value', 'trainer.x=${B:-b}', 'B=', 'b'],
    ['no default for the empty value', 'trainer.x=a${B-b}', 'B=', 'a'],
    ['defaults within defaults', 'trainer.x=${B:-${C:-"c d"}}', '', 'c d'],
    ['a default that is kept', 'trainer.x=$B', ': ${B:=b}', 'b'],
    ['an alternative', 'trainer.x=a${B:+b}', 'B=1', 'ab'],
    ['an alternative not taken', 'trainer.x=a${B:+b}', '', 'a'],
    ['a value set where it is empty', 'trainer.x=$B', '[ -z "$B" ] && B=b', 'b'],
    ['a value that a condition might change', 'trainer.x=$B', 'B=a; if [ "$1" ]; then B=b; fi', 'a'],
    ['the folder of the script', 'trainer.x=$HERE/a', 'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"', './a'],
    ['a comment', 'trainer.x=a # trainer.x=b', '', 'a'],
    ['a hash within a word', 'trainer.x=a#b', '', 'a#b'],
    ['a continued line', 'trainer.y=1 \\\n  trainer.x=a', '', 'a'],
    ['a continued word', 'trainer.x=a\\\nb', '', 'ab'],
    ['line ends of Windows', 'trainer.y=1 \\\r\n  trainer.x=a\r', '', 'a'],
    ['an unquoted list', '$B', 'B="trainer.y=1 trainer.x=a"', 'a'],
    ['an array', '"${B[@]}"', 'B=(trainer.y=1\n  "trainer.x=a b" # why\n)', 'a b'],
    ['redirections', '2>&1 > log trainer.x=a', '', 'a'],
    ['a dictionary', "trainer.x='{a: 1, b: [c]}'", '', '{a: 1, b: [c]}'],
    ['a number', 'trainer.x=1e-3', '', 0.001],
    ['a boolean', 'trainer.x=True', '', true],
    ['digits beyond a double', 'trainer.x=12345678901234567890', '', '12345678901234567890'],
  ])('%s', (_name, override, before, value) => {
    expect(settingsOf(launch(override, before))['trainer.x']).toEqual(value);
  });

  it.each([
    ['a command', 'trainer.x=$(nproc)', '$(nproc)'],
    ['a backquoted command', 'trainer.x=`nproc`', '`nproc`'],
    ['quotes within a command', 'trainer.x="$(basename "$(cat ")")")"', '$(basename "$(cat ")")")'],
    ['arithmetic', 'trainer.x=$((2 * 4))', '$((2 * 4))'],
    ['an unset variable', 'trainer.x=$B', '$B'],
    ['the first argument', 'trainer.x=$1', '$1'],
    ['a cut value', 'trainer.x=${B%.*}', '${B%.*}'],
  ])('%s is not resolved, and not passed on', (_name, override, source) => {
    const { runFile, report } = imported(launch(override));
    expect(runFile.settings).toEqual({});
    expect(report.options.at(-1)).toMatchObject({ line: LAUNCH_LINE, option: 'trainer.x', outcome: 'unresolved' });
    expect(report.options.at(-1)!.reason).toContain(`${source}, line ${LAUNCH_LINE}`);
  });

  it('takes variables that are given, arguments of the script among them', () => {
    const variables = { 1: 'a', B: 'b', C: 'given' };
    expect(settingsOf(launch('trainer.x=$1$B$C', 'C=c'), { variables })['trainer.x']).toBe('abc');
  });

  it('does not look at the environment', () => {
    expect(process.env.PATH).toBeTruthy();
    expect(settingsOf(launch('trainer.x=$PATH'))).toEqual({});
  });

  it('tells of a blank after the backslash that should continue the line', () => {
    const { report } = imported(launch('trainer.y=1 \\ \n  trainer.x=a'));
    expect(report.warnings).toContainEqual(expect.stringContaining(`line ${LAUNCH_LINE}: a blank after the backslash`));
    expect(report.ignored_lines).toMatchObject([{ line: LAUNCH_LINE + 1, text: 'trainer.x=a' }]);
  });
});

describe('any text', () => {
  const attempt = (text: string) => {
    try {
      const { text: runFile } = imported(text, { method: 'pairwise' });
      parseRunFile(runFile, 'run.rmrun.json');
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
    }
  };
  const fragment = fc.constantFrom(
    ...[
      '$',
      '${',
      '}',
      '$(',
      ')',
      '(',
      '((',
      '`',
      '"',
      "'",
      '\\',
      '\\\n',
      '\n',
      ' ',
      '#',
      '=',
      '+=',
      '<<',
      '<<<',
      '>',
      '&&',
      '|',
      ';;',
    ],
    ...[
      'A',
      'A=',
      '$A',
      '${A:-',
      '${A[@]}',
      'A=(',
      'if ',
      'fi',
      'case ',
      'esac',
      '{ ',
      'EOF',
      '[',
      ',',
      '~',
      '++',
      '1e',
      '😀',
      '\u2028',
      '\r',
    ],
    ...[
      '__proto__',
      'constructor',
      'toString=',
      'python -m verl.trainer.main_ppo ',
      'data.train_files=',
      'trainer.seed=',
      '--nnodes ',
    ],
    ...['data.constructor=1 ', '__proto__=1 ', '+a.b=c ', 'torchrun ', 'ray job submit --address=', 'cd '],
  );

  it('is imported or refused, never anything else', () => {
    const script = fc.array(fc.oneof({ weight: 6, arbitrary: fragment }, fc.string({ maxLength: 5 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(script, (parts) => attempt(parts.join(''))),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (parts) => attempt(launch(parts.join('')))),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), attempt), { numRuns: 500 });
  });

  it.each([
    ['values that double', `A=aaaaaaaa\n${'A=$A$A\n'.repeat(200)}`],
    ['arrays that double', `A=(a a)\n${'A=("${A[@]}" "${A[@]}")\n'.repeat(200)}`],
    ['unknown values that double', `A=$(x)\n${'A=$A$A\n'.repeat(200)}`],
    ['a large value, often asked for', `A=${'a'.repeat(100_000)}\n${'B=${A:+}${A:-}\n'.repeat(5_000)}`],
    ['deep defaults', `A=${'${A:-'.repeat(20_000)}${'}'.repeat(20_000)}`],
    ['deep commands', `A=${'"$('.repeat(20_000)}${')"'.repeat(20_000)}`],
    ['deep blocks', '{ if '.repeat(20_000)],
    ['many escapes', '\\ '.repeat(100_000)],
    ['many digits', launch(`trainer.x=${'1'.repeat(200_000)}x trainer.y=${' '.repeat(1_000)}`)],
    ['many blanks in a list', launch(`"data.val_files=[${' '.repeat(200_000)}{"`)],
    ['many here-documents', '<<A '.repeat(20_000)],
    ['many appended items', 'A+=(a)\n'.repeat(30_000)],
    ['many conditions', `if x; then\n${'A=1\n'.repeat(40_000)}fi`],
  ])('%s end', (_name, text) => {
    attempt(text);
    attempt(`${text}\n${launch('trainer.x=$A')}`);
  });

  it('is never run', async () => {
    const folder = temporaryFolder();
    const script = path.join(folder, 'run.sh');
    const mark = (name: string) => `touch ${path.join(folder, name)}`;
    writeFileSync(
      script,
      `#!/bin/sh\nA=$(${mark('a')})\nB=\`${mark('b')}\`\n${mark('c')}\neval "${mark('d')}"\n` +
        launch(`trainer.x="$A$B$(${mark('e')})" trainer.y=<(${mark('f')}) > ${path.join(folder, 'g')}`),
    );
    await importScriptFile({ script, force: false });
    expect(readdirSync(folder).sort()).toEqual(['run.rmrun.json', 'run.sh']);
  });
});
