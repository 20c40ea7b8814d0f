import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countAddresses } from '../../../../src/core/datasets/checks/email-addresses.ts';
import { sameWords } from '../../../../src/core/datasets/checks/near-identical.ts';
import { fairCoinChance } from '../../../../src/core/datasets/checks/position-bias.ts';
import { secretsIn } from '../../../../src/core/datasets/checks/secrets.ts';
import { suiteFolder } from '../files.ts';
import { assistant, checker, comparison, comparisons, finding, pair, pairs, scored, system, user } from './rows.ts';

const check = checker(suiteFolder());
const letters = (count: number) =>
  Array.from({ length: count }, (_, n) => 'a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ'[n % 36]).join('');

/** Put together here, so that no scanner of repositories takes them for real ones. */
const SECRETS: Readonly<Record<string, string>> = {
  'private key': `${'-----BEGIN'} RSA PRIVATE KEY-----\nMIIE`,
  'sk- API key': `${'sk'}-proj-${letters(40)}`,
  'GitHub token': `${'ghp'}_${letters(36)}`,
  'AWS access key': `${'AKIA'}${letters(32).toUpperCase().slice(0, 16)}`,
  'Slack token': `${'xoxb'}-${letters(24)}`,
  'Hugging Face token': `${'hf'}_${letters(34)}`,
  'Google API key': `${'AIza'}${letters(35)}`,
  'JSON Web Token': `${'eyJ'}hbGciOiJIUzI1NiJ9.${'eyJ'}zdWIiOiIxMjM0In0.${letters(43)}`,
};

describe('secrets', () => {
  it.each(Object.entries(SECRETS))('a %s is found inside a text', (kind, secret) => {
    expect(secretsIn(`Use this: "${secret}", please.`)).toEqual([kind]);
  });

  it('what stands for a key, and words with such a beginning, are not secrets', () => {
    for (const text of [
      `sk-${'x'.repeat(40)}`,
      'sk-your-api-key-goes-here-1234567',
      'task-oriented-dialogue-systems-are-useful',
      'AKIAIOSFODNN7EXAMPLE',
      'hf_hub_download is a function',
      '-----BEGIN PUBLIC KEY-----',
      'eyJhbGciOiJIUzI1NiJ9 alone',
    ]) {
      expect(secretsIn(text), text).toEqual([]);
    }
  });

  it('rows are named, the secret itself never is', async () => {
    const secret = SECRETS['GitHub token']!;
    const rows = [...pairs(30), { ...pair(30), prompt: `My token is ${secret}` }, { ...pair(31), rejected: secret }];
    const report = await check('bradley-terry', rows);
    expect(finding(report, 'secrets')).toMatchObject({
      severity: 'error',
      count: 2,
      rows: [30, 31],
      fix: { kind: 'drop-rows', count: 2 },
    });
    expect(JSON.stringify(report)).not.toContain(secret.slice(0, 12));
    expect(report.ok).toBe(false);
  });
});

describe('e-mail addresses', () => {
  it('are counted, but not those set aside for examples', () => {
    expect(countAddresses('ann.lee+x@mail.co.uk and bob@corp.io, ann.lee+x@mail.co.uk')).toBe(3);
    expect(countAddresses('someone@example.com, a@b.test, @handle, 5 @ 3, a@b, foo@')).toBe(0);
    expect(countAddresses('@'.repeat(20_000))).toBe(0);
  });

  it('their rows are found in prompts and responses', async () => {
    const rows = [...pairs(30), { ...pair(30), prompt: 'Write to bob@corp.io' }, { ...pair(31), chosen: 'x@corp.io' }];
    const found = finding(await check('bradley-terry', rows), 'email-addresses');
    expect(found).toMatchObject({ severity: 'warning', count: 2, rows: [30, 31] });
    expect(found?.message).not.toContain('corp');
  });
});

describe('nearly identical pairs', () => {
  it('blanks, case and punctuation make no difference; numbers and signs do', () => {
    expect(sameWords('Yes, sir!', ' yes  SIR ')).toBe(true);
    expect(sameWords('„Ja“, Ärger …', 'ja ärger')).toBe(true);
    expect(sameWords('It is 3.5', 'It is 35')).toBe(false);
    expect(sameWords('It is -5', 'It is 5')).toBe(false);
    expect(sameWords('a < b', 'a > b')).toBe(false);
    expect(sameWords('yes', 'yes sir')).toBe(false);
    expect(sameWords('...', '')).toBe(true);
  });

  it('a text is nearly identical to itself with other blanks, and not to one with a word more', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(sameWords(text, text.replaceAll(' ', '\n '))).toBe(true);
        expect(sameWords(text, `${text}x`)).toBe(false);
      }),
    );
  });
});

describe('system prompts', () => {
  const conversation = (...messages: object[]) => ({ messages });
  const good = Array.from({ length: 30 }, (_, n) => conversation(system('Be brief.'), user(`q${n}`), assistant('a')));

  it('one that comes late or again can be moved; two that differ are for a person', async () => {
    const report = await check('sft', [
      ...good,
      conversation(user('q'), system('Be brief.'), assistant('late')),
      conversation(system('Be brief.'), user('q'), system('Be brief.'), assistant('again')),
      conversation(system('Be brief.'), user('q'), system('Be long.'), assistant('other')),
    ]);
    expect(finding(report, 'system-prompt-misplaced')).toMatchObject({
      count: 3,
      rows: [30, 31, 32],
      fix: { kind: 'move-system-prompt', count: 2 },
    });
    expect(finding(report, 'roles-out-of-order')).toBeUndefined();
  });
});

describe('labels', () => {
  it('warns where nearly all are the same', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => scored(n, n < 96 ? 3 : n % 3));
    expect(finding(await check('pointwise', rows), 'one-sided-labels')).toMatchObject({
      severity: 'warning',
      count: 96,
    });
    const mixed = rows.map((row, n) => ({ ...row, score: n % 5 }));
    expect(finding(await check('pointwise', mixed), 'one-sided-labels')).toBeUndefined();
  });

  it('scores from 1 to 5 whose sample holds no 5 can be mapped; where there is a 0 they cannot', async () => {
    // Rows 100 to 249 are not among those that the shape is recognised by.
    const oneToFive = Array.from({ length: 600 }, (_, n) => scored(n, n >= 100 && n < 110 ? 5 : 1 + (n % 4)));
    expect(finding(await check('pointwise', oneToFive), 'label-out-of-range')).toMatchObject({
      count: 10,
      fix: { kind: 'map-labels', count: 10, map: { score_1_to_5: 'score' } },
    });
    const withZero = [...oneToFive, scored(600, 0)];
    expect(finding(await check('pointwise', withZero), 'label-out-of-range')?.fix?.kind).toBe('drop-rows');
  });

  it('the binomial test of the position is exact', () => {
    expect(fairCoinChance(5, 10)).toBe(1);
    expect(fairCoinChance(10, 10)).toBeCloseTo(2 / 1024, 12);
    expect(fairCoinChance(8, 10)).toBeCloseTo((2 * (45 + 10 + 1)) / 1024, 12);
    expect(fairCoinChance(50_100, 100_000)).toBeCloseTo(0.529, 2);
    expect(fairCoinChance(60_000, 100_000)).toBeLessThan(1e-10);
  });

  it('a biased position can be balanced; a fair one has no fix', async () => {
    const biased = finding(await check('pairwise', comparisons('A'.repeat(90) + 'B'.repeat(10))), 'position-bias');
    expect(biased?.fix).toMatchObject({ kind: 'balance-positions', count: 50 });
    expect(biased?.message).toContain('probability of below 0.001');
    expect(finding(await check('pairwise', comparisons('AB'.repeat(50))), 'position-bias')?.fix).toBeUndefined();
  });
});

describe('annotators', () => {
  it('their agreement is measured where each has a column', async () => {
    const judged = (n: number, ...labels: number[]) => ({
      instruction: `q${n}`,
      response1: `a${n}`,
      response2: `b${n}`,
      annotator1: labels[0],
      annotator2: labels[1],
      annotator3: labels[2],
    });
    const rows = Array.from({ length: 30 }, (_, n) =>
      judged(n, 1 + (n % 2), 1 + (n % 2), n % 3 === 0 ? 0 : 1 + (n % 2)),
    );
    const report = await check('pairwise', [...rows, judged(30, 0, 1, 2)]);
    const found = finding(report, 'annotator-agreement');
    expect(found).toMatchObject({ severity: 'info', count: 1, rows: [30] });
    expect(found?.message).toContain('Of 31 rows judged by up to 3 annotators, 20 (');
    expect(finding(await check('pairwise', comparisons('AB'.repeat(15))), 'annotator-agreement')).toBeUndefined();
  });
});

describe('languages, by script', () => {
  it('names the shares and the rows that stand out', async () => {
    const rows = [
      ...comparisons('AB'.repeat(50)),
      { ...comparison(100, 'A'), prompt: 'Как дела сегодня', response_a: 'Хорошо', response_b: 'Плохо' },
      { ...comparison(101, 'B'), prompt: '今日は天気がいいですね', response_a: '日本語', response_b: 'はい' },
      { ...comparison(102, 'B'), prompt: '你好吗朋友', response_a: '很好', response_b: '不好' },
    ];
    const found = finding(await check('pairwise', rows), 'language-mix');
    expect(found).toMatchObject({ severity: 'info', count: 3, rows: [100, 101, 102] });
    expect(found?.message).toMatch(/Latin 97 %.*Cyrillic 1\.0 %/);
    expect(found?.message).toMatch(/Chinese characters 1\.0 %/);
    expect(found?.message).toMatch(/Japanese kana 1\.0 %/);
    expect(finding(await check('pairwise', comparisons('AB'.repeat(50))), 'language-mix')).toBeUndefined();
  });
});
