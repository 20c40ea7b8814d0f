import { describe, expect, it } from 'vitest';
import { HoverBudget } from '../../../src/core/graders/hover-budget.ts';

describe('the budget of hovering', () => {
  it('allows so many an hour, and again as that hour passes', () => {
    let now = 0;
    const budget = new HoverBudget(() => now);
    expect([budget.take(2), budget.take(2), budget.take(2)]).toEqual([true, true, false]);
    now = 3_599_999;
    expect(budget.take(2)).toBe(false);
    now = 3_600_000;
    expect([budget.take(2), budget.take(2), budget.take(2)]).toEqual([true, true, false]);
  });

  it('allows none where it is zero, and more at once where it is raised', () => {
    const budget = new HoverBudget(() => 0);
    expect([budget.take(0), budget.take(1), budget.take(1), budget.take(2)]).toEqual([false, true, false, true]);
  });
});
