/** How runs stand in the side bar. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experimentOf, groupRuns, MOST_RECENT, matchesFilter } from '../../../src/core/runs/group-runs.ts';
import { UNKNOWN_DATA } from '../../../src/core/runs/spec.ts';
import { EMPTY_FOLD, type RunState, type RunStatus } from '../../../src/core/runs/state.ts';

function run(name: string, status: RunStatus = 'finished', experiment?: string): RunState {
  return {
    spec: {
      version: 1,
      id: name,
      name,
      ...(experiment === undefined ? {} : { experiment }),
      created_at: '2026-01-01T00:00:00.000Z',
      method: 'bradley-terry',
      data: { train: { ...UNKNOWN_DATA, path: '/data/support/train.parquet' } },
      engine: 'embedded',
      target: 'local',
      seed: 1,
      settings: {},
      versions: {},
    },
    folder: `/runs/${name}`,
    status,
    fold: EMPTY_FOLD,
    failure: undefined,
    secondsPerStep: undefined,
    damagedLines: 0,
    logProblems: [],
  };
}

describe('an experiment', () => {
  it.each([
    ['pairs-2', 'pairs'],
    ['pairs v3', 'pairs'],
    ['pairs-seed7', 'pairs'],
    ['pairs_run_12', 'pairs'],
    ['pairs (2)', 'pairs'],
    ['pairs', 'pairs'],
    ['qwen3-8b', 'qwen3-8b'],
    ['gpt4', 'gpt4'],
    ['12', '12'],
  ])('of the run %s is %s', (name, experiment) => {
    expect(experimentOf({ name })).toBe(experiment);
  });

  it('is what the run file says, where it says so', () => {
    expect(experimentOf({ name: 'pairs-2', experiment: 'margins' })).toBe('margins');
  });
});

describe('groups', () => {
  it('list active runs apart, the newest of the others, and experiments with several runs first', () => {
    const { active, recent, experiments } = groupRuns([
      run('live', 'running'),
      run('odd'),
      run('pairs-2'),
      run('pairs-1'),
    ]);
    expect(active.map(({ spec }) => spec.name)).toEqual(['live']);
    expect(recent.map(({ spec }) => spec.name)).toEqual(['odd', 'pairs-2', 'pairs-1']);
    expect(experiments.map(({ name, runs }) => [name, runs.length])).toEqual([
      ['pairs', 2],
      ['live', 1],
      ['odd', 1],
    ]);
  });

  it('say nothing of experiments where each run is its own, or all are one', () => {
    expect(groupRuns([run('a'), run('b')]).experiments).toEqual([]);
    expect(groupRuns([run('a-1'), run('a-2')]).experiments).toEqual([]);
  });

  it('reach every run, however many there are', () => {
    const statuses = fc.constantFrom<RunStatus>('running', 'queued', 'finished', 'failed', 'lost');
    const any = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), statuses), { maxLength: 60 });
    fc.assert(
      fc.property(any, (drawn) => {
        const states = drawn.map(([name, status], index) => run(`${name}-${index}`, status));
        const { active, recent, experiments } = groupRuns(states);
        expect(recent.length).toBeLessThanOrEqual(MOST_RECENT);
        const reached = new Set([...active, ...recent, ...experiments.flatMap(({ runs }) => runs)]);
        expect(reached.size).toBe(states.length);
      }),
    );
  });
});

describe('a filter', () => {
  it('finds a run by any words of what is said of it, in any case', () => {
    const state = run('pairs-2', 'failed', 'margins');
    for (const text of ['PAIRS', 'margins failed', 'bradley', 'support train.parquet', ''])
      expect(matchesFilter(state, text), text).toBe(true);
    for (const text of ['pairs finished', 'pointwise']) expect(matchesFilter(state, text), text).toBe(false);
  });
});
