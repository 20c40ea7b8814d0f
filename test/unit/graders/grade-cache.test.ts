import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { GradeCache } from '../../../src/core/graders/grade-cache.ts';
import type { Grade, GradeRequest, Grader } from '../../../src/core/graders/grader.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const grader = (id: string, name = id) => ({ id, name }) as Grader;
const request = (response: string, sibling?: string): GradeRequest => ({
  prompt: [{ role: 'user', content: 'question' }],
  response: [{ role: 'assistant', content: response }],
  ...(sibling === undefined ? {} : { sibling: [{ role: 'assistant', content: sibling }] }),
});
const grade = (score: number): Grade => ({
  score,
  scale: 'score-0-4',
  provenance: { grader: 'g', method: 'pointwise', model: 'm', gradedAt: '2026-01-02T03:04:05.000Z', latencyMs: 1 },
});

describe('grades that were made', () => {
  it('are known by grader, prompt, response and sibling, and by nothing less', () => {
    const cache = new GradeCache();
    cache.set(grader('g'), request('a', 'b'), grade(1));
    expect(cache.get(grader('g'), request('a', 'b'))?.score).toBe(1);
    expect(cache.get(grader('h'), request('a', 'b'))).toBeUndefined();
    expect(cache.get(grader('g'), request('a'))).toBeUndefined();
    expect(cache.get(grader('g'), request('b', 'a'))).toBeUndefined();
    expect(cache.get(grader('g'), { ...request('a', 'b'), prompt: [] })).toBeUndefined();
  });

  it('are shown with the name that the grader has now', () => {
    const cache = new GradeCache();
    cache.set(grader('g', 'old'), request('a'), grade(1));
    expect(cache.get(grader('g', 'new'), request('a'))?.provenance.grader).toBe('new');
  });

  it('are forgotten from the oldest use on', () => {
    const cache = new GradeCache({ most: 2 });
    cache.set(grader('g'), request('a'), grade(1));
    cache.set(grader('g'), request('b'), grade(2));
    cache.get(grader('g'), request('a'));
    cache.set(grader('g'), request('c'), grade(3));
    expect([...'abc'].map((text) => cache.get(grader('g'), request(text))?.score)).toEqual([1, undefined, 3]);
  });
});

describe('grades in a file', () => {
  const newFile = () => path.join(temporaryFolder(), 'kept', 'grades.jsonl');

  it('are there in the next window', async () => {
    const file = newFile();
    const cache = new GradeCache({ file });
    cache.set(grader('g'), request('a'), grade(3));
    await cache.settled();
    const next = new GradeCache({ file });
    await next.settled();
    expect(next.get(grader('g'), request('a'))?.score).toBe(3);
  });

  it('of two windows are both kept', async () => {
    const file = newFile();
    const [one, two] = [new GradeCache({ file }), new GradeCache({ file })];
    one.set(grader('g'), request('a'), grade(1));
    two.set(grader('g'), request('b'), grade(2));
    await Promise.all([one.settled(), two.settled()]);
    const next = new GradeCache({ file });
    await next.settled();
    expect(next.size).toBe(2);
  });

  it('pass over lines that are no grades', async () => {
    const file = newFile();
    const cache = new GradeCache({ file });
    cache.set(grader('g'), request('a'), grade(1));
    await cache.settled();
    appendFileSync(file, '{"key": "x", "grade": {"score": "high"}}\n{"key": "cut');
    const next = new GradeCache({ file });
    await next.settled();
    expect(next.size).toBe(1);
  });

  it('do not grow without end', async () => {
    const file = newFile();
    const cache = new GradeCache({ file, most: 3 });
    for (let number = 0; number < 20; number++) cache.set(grader('g'), request(String(number)), grade(1));
    await cache.settled();
    const next = new GradeCache({ file, most: 3 });
    await next.settled();
    expect(readFileSync(file, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(6);
    expect(next.get(grader('g'), request('19'))).toBeDefined();
  });

  it('are gone when they are cleared', async () => {
    const file = newFile();
    const cache = new GradeCache({ file });
    cache.set(grader('g'), request('a'), grade(1));
    cache.clear();
    await cache.settled();
    expect(existsSync(file)).toBe(false);
    expect(cache.size).toBe(0);
  });

  it('are kept in memory where the file cannot be written, and that is told', async () => {
    const problems: unknown[] = [];
    const file = path.join(newFile(), 'below', 'a.jsonl');
    const blocked = path.dirname(path.dirname(file));
    const cache = new GradeCache({ file: path.join(blocked, 'x') });
    cache.set(grader('g'), request('a'), grade(1));
    await cache.settled();
    const inside = new GradeCache({ file: path.join(blocked, 'x', 'y'), onProblem: (error) => problems.push(error) });
    inside.set(grader('g'), request('a'), grade(1));
    await inside.settled();
    expect(inside.get(grader('g'), request('a'))?.score).toBe(1);
    expect(problems.length).toBeGreaterThan(0);
  });
});
