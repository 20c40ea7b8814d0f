import { describe, expect, it } from 'vitest';
import { describeProgress, notRunText, tallyText } from '../../../webview/dataset/check-texts.ts';

const half = { phase: 'checking rows', rows: 300_000, totalRows: 600_000, bytes: 400_000_000 };

describe('the progress of checks in words', () => {
  it('says how many rows, and no speed before it is known', () => {
    expect(describeProgress(half, 900)).toBe('checking rows: 300,000 of 600,000');
  });

  it('gives the speed and the time left after a second', () => {
    expect(describeProgress(half, 4_000)).toBe('checking rows: 300,000 of 600,000 · 50.0 MB/s · 4 s left');
    expect(describeProgress(half, 100_000)).toBe('checking rows: 300,000 of 600,000 · 2.00 MB/s · 1 min 40 s left');
  });

  it('gives no speed for a file whose size is not told, and no time for the last row', () => {
    const { bytes: _, ...other } = half;
    expect(describeProgress(other, 4_000)).toBe('checking rows: 300,000 of 600,000 · 4 s left');
    expect(describeProgress({ ...half, rows: 600_000 }, 4_000)).toBe('checking rows: 600,000 of 600,000 · 100 MB/s');
  });

  it('bears a file without rows, and the first row', () => {
    expect(describeProgress({ phase: 'checking rows', rows: 0, totalRows: 0 }, 4_000)).toBe('checking rows: 0 of 0');
    expect(describeProgress({ ...half, rows: 0 }, 4_000)).toBe('checking rows: 0 of 600,000');
  });
});

describe('what was found in one line', () => {
  it('counts by severity and leaves out what there is none of', () => {
    const of = (severity: 'error' | 'warning' | 'info') => ({
      id: severity,
      title: severity,
      severity,
      message: '',
      count: 1,
      share: 1,
      rows: [],
    });
    const passed = [{ id: 'a', title: 'A' }];
    expect(tallyText({ findings: [of('error'), of('warning'), of('warning')], passed })).toBe(
      '1 error, 2 warnings, 1 passed',
    );
    expect(tallyText({ findings: [], passed: [] })).toBe('');
  });

  it('names the checks that did not run, also one that it has no short name for', () => {
    const notRun = [
      { id: 'contamination', title: 'Benchmark prompts in the training data' },
      { id: 'new', title: 'A new check' },
    ];
    expect(notRunText(notRun)).toBe('Not run: benchmark overlap, A new check');
    expect(notRunText([])).toBe('All checks ran.');
  });
});
