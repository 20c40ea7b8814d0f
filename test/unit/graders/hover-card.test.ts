/** What a hover and a CodeLens say about a grade, and that text from data stays text. */

import { describe, expect, it } from 'vitest';
import { formatAge, gradeLine } from '../../../src/core/graders/grade-card.ts';
import type { Comparison, Grade } from '../../../src/core/graders/grader.ts';
import { hoverCard } from '../../../src/core/graders/hover-card.ts';

const now = new Date('2026-03-10T12:00:00Z');

function grade(given: Partial<Grade> = {}, grader = 'bt-support'): Grade {
  return {
    score: 5.4321,
    scale: 'logit-within-prompt',
    percentile: 91.2,
    provenance: {
      grader,
      method: 'bradley-terry',
      model: '/models/bt',
      trainedAt: '2026-03-08T12:00:00Z',
      gradedAt: '2026-03-10T11:57:00Z',
      latencyMs: 2.345,
    },
    ...given,
  };
}

const better: Comparison = { margin: 1.844, verdict: 'better', probability: 0.863, percentile: 88 };
const worse: Comparison = { margin: -0.916, verdict: 'worse', probability: 0.286 };
const card = (given: Grade, options: { promptKnown?: boolean; field?: string } = {}): string =>
  hoverCard(given, { now, promptKnown: true, ...options });
const firstLine = (text: string): string => text.split('\n')[0] ?? '';

describe('a Bradley-Terry grade', () => {
  it('with a sibling is a margin and a probability', () => {
    expect(firstLine(card(grade({ comparison: better })))).toBe(
      '$(check) **Reward margin +1.84 over its sibling response · probability 0.86**',
    );
    expect(firstLine(card(grade({ comparison: worse })))).toContain('Reward margin \u22120.92 over');
  });

  it('a margin that rounds to zero has no sign', () => {
    const tie: Comparison = { margin: -0.001, verdict: 'tie', probability: 0.5 };
    expect(firstLine(card(grade({ comparison: tie })))).toContain('Reward margin 0.00 over');
  });

  it('without a sibling is a percentile', () => {
    expect(firstLine(card(grade()))).toBe('$(law) **Reward percentile 91 of 100 among training responses**');
  });

  it('never shows the raw logit, and says what a reward compares', () => {
    const { percentile: _, ...unplaced } = grade();
    for (const each of [grade(), grade({ comparison: better }), unplaced]) {
      expect(card(each)).not.toContain('5.4');
      expect(gradeLine(each)).not.toContain('5.4');
      expect(card(each)).toContain('compares only responses to one prompt');
    }
  });

  it('has a table of model, percentile, verdict, age and latency', () => {
    const text = card(grade({ comparison: better }), { field: 'chosen' });
    expect(text.split('\n').slice(2, 8)).toEqual([
      '| Model | bt-support, Bradley-Terry |',
      '|:--|:--|',
      '| Percentile | 91 of 100 among training responses; margin 88 of 100 among training margins |',
      '| Verdict | better than its sibling response; agrees with the label |',
      '| Graded | 3 min ago, took 2.3 ms |',
      '| Trained | 2 days ago |',
    ]);
  });

  it('says whether the verdict agrees with the label that the field is', () => {
    expect(card(grade({ comparison: worse }), { field: 'chosen' })).toContain('disagrees with the label');
    expect(card(grade({ comparison: worse }), { field: 'rejected[0]' })).toContain('; agrees with the label');
    expect(card(grade({ comparison: worse }), { field: 'response1' })).not.toContain('label');
  });

  it('notes an unknown prompt', () => {
    expect(card(grade(), { promptKnown: false })).toContain('The prompt is unknown');
    expect(card(grade())).not.toContain('The prompt is unknown');
  });
});

describe('the other scales', () => {
  it('0-4 is a score with its label', () => {
    const scored = grade({ scale: 'score-0-4', score: 3.2, label: 3 });
    expect(firstLine(card(scored))).toBe('$(law) **Score 3.2 of 4 (label 3)**');
    expect(card(scored)).not.toContain('Bradley-Terry reward');
    expect(gradeLine(scored)).toBe('Score 3.2 of 4 · 91st percentile · bt-support');
  });

  it('A/B/tie is a verdict with a sibling', () => {
    const compared = grade({ scale: 'preference-a-b-tie', comparison: worse });
    expect(firstLine(card(compared))).toBe(
      '$(arrow-down) **A/B verdict: worse than its sibling response · probability of being better 0.29**',
    );
  });

  it('A/B/tie without a sibling is a percentile that asks for a second response', () => {
    const alone = grade({ scale: 'preference-a-b-tie' });
    expect(firstLine(card(alone))).toContain('**Percentile 91 of 100 among training responses**');
    expect(card(alone)).toContain('A comparison needs a second response');
  });
});

describe('one line', () => {
  it('margin, percentile, model', () => {
    expect(gradeLine(grade({ comparison: better }))).toBe('Reward margin +1.84 · 91st percentile · bt-support');
    expect(gradeLine(grade({ comparison: worse, percentile: 12 }))).toBe(
      'Reward margin \u22120.92 · 12th percentile · bt-support',
    );
    expect(gradeLine(grade())).toBe('Reward · 91st percentile · bt-support');
  });

  it('stays one line', () => {
    expect(gradeLine(grade({}, 'two\nlines\u202e\u0007'))).toBe('Reward · 91st percentile · two lines');
  });
});

describe('hostile text', () => {
  const hostile: Record<string, [name: string, shown: string]> = {
    'a link': ['[x](command:evil)', '\\[x\\]\\(command\\:evil\\)'],
    code: ['`rm`', '\\`rm\\`'],
    'a table cell and a line break': ['a | b\n\n# c', 'a \\| b \\# c'],
    HTML: ['<img src=x>', '\\<img src\\=x\\>'],
    'a bare address': ['https://evil.example', 'https\\://evil.example'],
    'an address without scheme': ['www.evil.example', 'www\\.evil.example'],
    'an escape of its own': ['a\\|b', 'a\\\\\\|b'],
    'an entity and emphasis': ['&lt; **b** _i_', '\\&lt; \\*\\*b\\*\\* \\_i\\_'],
    'a theme icon': ['$(flame)', '&#36;\\(flame\\)'],
  };
  for (const [what, [name, shown]] of Object.entries(hostile)) {
    it(`${what} in the name of a model`, () => {
      expect(card(grade({}, name))).toContain(`| Model | ${shown}, Bradley-Terry |`);
    });
  }

  it('a reason stays one paragraph of text', () => {
    const text = card(grade({ reason: '# Big\n\n- [x](http://e.example)\n| a |' }));
    expect(text).toContain('\n\n\\# Big - \\[x\\]\\(http\\://e.example\\) \\| a \\|\n\n');
  });

  it('a long name is cut between characters', () => {
    expect(card(grade({}, '😀'.repeat(500)))).toContain(`| Model | ${'😀'.repeat(119)}…, `);
  });

  it('numbers that are none are called unknown', () => {
    const broken = grade({ scale: 'score-0-4', score: Number.NaN });
    expect(firstLine(card(broken))).toContain('Score unknown of 4');
  });
});

describe('ages', () => {
  const ages: [from: string, age: string][] = [
    ['2026-03-10T12:00:30Z', 'just now'],
    ['2026-03-10T11:59:01Z', 'just now'],
    ['2026-03-10T11:59:00Z', '1 min ago'],
    ['2026-03-10T11:00:01Z', '59 min ago'],
    ['2026-03-10T11:00:00Z', '1 h ago'],
    ['2026-03-09T12:00:00Z', '1 day ago'],
    ['2026-02-08T12:00:00Z', '30 days ago'],
    ['2025-12-24T12:00:00Z', 'on 2025-12-24'],
    ['not a date', 'at an unknown time'],
  ];
  for (const [from, age] of ages) it(`${from} is "${age}"`, () => expect(formatAge(from, now)).toBe(age));
});
