import { describe, expect, it } from 'vitest';
import { failureOf, suiteFolder } from '../files.ts';
import { checker, comparison, comparisons, finding, pair, pairs } from './rows.ts';

const check = checker(suiteFolder());

describe('checking a dataset', () => {
  it('finds nothing to warn of in clean rows', async () => {
    const report = await check('bradley-terry', pairs(40));
    expect(report).toMatchObject({
      ok: true,
      totals: { rows: 40, usable: 40, dropped: 0 },
      format: { id: 'prompted-pairs' },
    });
    expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('fewer than 20 usable rows are an error', async () => {
    expect((await check('bradley-terry', pairs(20))).ok).toBe(true);
    const report = await check('bradley-terry', [...pairs(19), { ...pair(19), chosen: null }]);
    expect(report.ok).toBe(false);
    expect(finding(report, 'too-few-rows')).toMatchObject({ severity: 'error', count: 19 });
  });

  it('names missing, empty, identical and mistyped rows', async () => {
    const report = await check('bradley-terry', [
      ...pairs(30),
      { ...pair(30), chosen: null },
      { ...pair(31), rejected: '' },
      { ...pair(32), rejected: pair(32).chosen },
      { ...pair(33), chosen: { a: 1 } },
    ]);
    expect(report.totals).toEqual({ rows: 34, usable: 30, dropped: 4 });
    expect(finding(report, 'missing-value')?.rows).toEqual([30]);
    expect(finding(report, 'empty-value')?.rows).toEqual([31]);
    expect(finding(report, 'identical-pair')?.rows).toEqual([32]);
    expect(finding(report, 'wrong-type')?.message).toContain('row 33, "chosen"');
  });

  it('counts malformed lines', async () => {
    const report = await check('bradley-terry', pairs(30), {}, '{oops\n');
    expect(finding(report, 'malformed-lines')).toMatchObject({ severity: 'warning', count: 1 });
    expect(finding(report, 'malformed-lines')?.message).toContain('line 31');
  });

  it('finds pairs that differ in blanks and case only', async () => {
    const report = await check('bradley-terry', [
      ...pairs(30),
      { prompt: 'q', chosen: 'Yes, sir', rejected: 'yes,  SIR ' },
    ]);
    expect(finding(report, 'near-identical-pair')?.rows).toEqual([30]);
  });

  it('finds duplicates, and labels that contradict each other, also with the responses swapped', async () => {
    const report = await check('bradley-terry', [
      ...pairs(30),
      pair(3),
      { prompt: pair(4).prompt, chosen: pair(4).rejected, rejected: pair(4).chosen },
    ]);
    expect(finding(report, 'duplicate')?.rows).toEqual([30]);
    expect(finding(report, 'contradictory-labels')).toMatchObject({ count: 1, rows: [4, 31] });

    const { prompt, response_a, response_b } = comparison(0, 'A');
    const compared = await check('pairwise', [
      ...comparisons('AB'.repeat(15)),
      { prompt, response_a: response_b, response_b: response_a, preferred: 'B' },
      { prompt, response_a: response_b, response_b: response_a, preferred: 'A' },
      { prompt, response_a, response_b, preferred: 'tie' },
    ]);
    expect(finding(compared, 'duplicate')?.rows).toEqual([30]);
    expect(finding(compared, 'contradictory-labels')).toMatchObject({ count: 2, rows: [0, 31, 32] });
  });

  it('warns where length alone tells the better response, and where it is far from it', async () => {
    const longer = Array.from({ length: 60 }, (_, n) => ({
      prompt: `q${n}`,
      chosen: `a much longer answer ${n}`,
      rejected: `no ${n}`,
    }));
    expect(finding(await check('bradley-terry', longer), 'length-bias')).toMatchObject({
      severity: 'warning',
      share: 1,
    });
    const shorter = longer.map(({ prompt, chosen, rejected }) => ({ prompt, chosen: rejected, rejected: chosen }));
    expect(finding(await check('bradley-terry', shorter), 'length-bias')).toMatchObject({
      severity: 'warning',
      share: 0,
    });
    // 14 of 20 is 0.70, but its interval reaches below 0.60: no warning on so little.
    const few = [...longer.slice(0, 14), ...shorter.slice(14, 20)];
    expect(finding(await check('bradley-terry', few), 'length-bias')).toMatchObject({ severity: 'info', share: 0.7 });
  });

  it('one class only is an error', async () => {
    expect(finding(await check('pairwise', comparisons('A'.repeat(30))), 'one-class')?.severity).toBe('error');
    const scored = Array.from({ length: 30 }, (_, n) => ({ query: `q${n}`, response: `r${n}`, score: 4 }));
    expect(finding(await check('pointwise', scored), 'one-class')?.message).toContain('label 4');
  });

  it('measures ties and the position of the better response', async () => {
    const report = await check('pairwise', comparisons(`${'A'.repeat(90)}${'B'.repeat(10)}${'t'.repeat(150)}`));
    expect(finding(report, 'tie-rate')).toMatchObject({ severity: 'warning', share: 0.6 });
    expect(finding(report, 'position-bias')).toMatchObject({ severity: 'warning', share: 0.9, count: 90 });
    const fair = await check('pairwise', comparisons('ABt'.repeat(20)));
    expect(finding(fair, 'position-bias')?.severity).toBe('info');
  });

  it('finds turns that are out of order', async () => {
    const turns = (...roles: string[]) => ({ messages: roles.map((role, n) => ({ role, content: `${role} ${n}` })) });
    const good = Array.from({ length: 30 }, (_, n) => ({
      messages: [
        { role: 'user', content: `q${n}` },
        { role: 'assistant', content: 'a' },
      ],
    }));
    const report = await check('sft', [
      ...good,
      turns('user', 'user', 'assistant'),
      turns('user', 'system', 'assistant'),
      turns('user', 'assistant', 'user'),
    ]);
    expect(report.totals.usable).toBe(32);
    expect(finding(report, 'unusable-roles')?.rows).toEqual([32]);
    expect(finding(report, 'roles-out-of-order')?.rows).toEqual([30]);
    expect(finding(report, 'system-prompt-misplaced')?.rows).toEqual([31]);
  });

  it('labels out of range are left out; where the whole file is so, that is an error of its own', async () => {
    const scored = (score: unknown, n: number) => ({ query: `q${n}`, response: `r${n}`, score });
    const some = Array.from({ length: 40 }, (_, n) => scored(n % 10 === 9 ? -1 : n % 5, n));
    expect(finding(await check('pointwise', some), 'label-out-of-range')).toMatchObject({
      count: 4,
      rows: [9, 19, 29, 39],
    });
    const error = await failureOf(
      check(
        'pointwise',
        some.map(({ query, response }) => ({ query, response, score: 100 })),
      ),
    );
    expect(error.code).toBe('unrecognised-shape');
  });

  it('an empty dataset has no rows to check', async () => {
    expect((await failureOf(check('bradley-terry', [], {}, '\n'))).code).toBe('no-rows');
  });
});
