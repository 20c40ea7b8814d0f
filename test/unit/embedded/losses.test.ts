import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bradleyTerryLoss } from '../../../src/core/engines/embedded/bradley-terry-loss.ts';
import type { Loss } from '../../../src/core/engines/embedded/loss.ts';
import {
  expectedLevel,
  medianLevel,
  ordinalLoss,
  ordinalProbabilities,
} from '../../../src/core/engines/embedded/ordinal-loss.ts';
import { likeliest, threeWayLoss, threeWayProbabilities } from '../../../src/core/engines/embedded/three-way-loss.ts';

const STEP = 1e-5;
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

function expectGradient(loss: Loss, score: number, label: number, start: readonly number[]): void {
  const parameters = Float64Array.from(start);
  const gradient = { score: 0, parameters: new Float64Array(start.length) };
  loss.row(score, label, parameters, gradient);
  const slope = (loss.row(score + STEP, label, parameters) - loss.row(score - STEP, label, parameters)) / (2 * STEP);
  expect(gradient.score).toBeCloseTo(slope, 5);
  start.forEach((value, at) => {
    const up = Float64Array.from(start);
    const down = Float64Array.from(start);
    up[at] = value + STEP;
    down[at] = value - STEP;
    const slopeHere = (loss.row(score, label, up) - loss.row(score, label, down)) / (2 * STEP);
    expect(gradient.parameters[at]).toBeCloseTo(slopeHere, 5);
  });
}

describe('gradients agree with finite differences', () => {
  it('Bradley-Terry', () => {
    fc.assert(fc.property(number(-8, 8), (score) => expectGradient(bradleyTerryLoss, score, 0, [])));
  });

  it('ordinal, of every label', () => {
    const gap = number(-2, 1.5);
    fc.assert(
      fc.property(
        number(-6, 6),
        fc.integer({ min: 0, max: 4 }),
        number(-3, 3),
        gap,
        gap,
        gap,
        (score, label, ...start) => expectGradient(ordinalLoss, score, label, start),
      ),
    );
  });

  it('three-way, of every label', () => {
    fc.assert(
      fc.property(number(-6, 6), fc.integer({ min: 0, max: 2 }), number(-2, 1.5), (score, label, width) =>
        expectGradient(threeWayLoss, score, label, [width]),
      ),
    );
  });
});

describe('losses are the negative logarithms of the probabilities', () => {
  it('ordinal', () => {
    const parameters = ordinalLoss.initial(Uint8Array.of(0, 1, 1, 2, 3, 3, 3, 4));
    const probabilities = ordinalProbabilities(0.7, ordinalLoss.thresholds(parameters));
    expect(probabilities.reduce((sum, each) => sum + each)).toBeCloseTo(1, 12);
    probabilities.forEach((probability, label) => {
      expect(ordinalLoss.row(0.7, label, parameters)).toBeCloseTo(-Math.log(probability), 10);
    });
  });

  it('three-way', () => {
    const { probabilityA, probabilityB, probabilityTie } = threeWayProbabilities(0.7, 0.4);
    expect(probabilityA + probabilityB + probabilityTie).toBeCloseTo(1, 12);
    [probabilityA, probabilityB, probabilityTie].forEach((probability, label) => {
      expect(threeWayLoss.row(0.7, label, Float64Array.of(Math.log(0.4)))).toBeCloseTo(-Math.log(probability), 10);
    });
  });
});

describe('starting parameters', () => {
  it('give the label frequencies at score 0, smoothed by one of each', () => {
    const parameters = ordinalLoss.initial(Uint8Array.of(0, 1, 1, 2, 4));
    const probabilities = ordinalProbabilities(0, ordinalLoss.thresholds(parameters));
    [2, 3, 2, 1, 2].forEach((count, label) => {
      expect(probabilities[label]).toBeCloseTo(count / 10, 6);
    });
  });

  it('give the share of ties at difference 0', () => {
    const [halfWidth] = threeWayLoss.thresholds(threeWayLoss.initial(Uint8Array.of(0, 2, 1, 2)));
    expect(threeWayProbabilities(0, halfWidth!).probabilityTie).toBeCloseTo(2.5 / 5, 12);
  });
});

describe('the three-way model', () => {
  it('is antisymmetric exactly, and its ties are symmetric', () => {
    fc.assert(
      fc.property(number(-50, 50), number(0, 5), (difference, halfWidth) => {
        const one = threeWayProbabilities(difference, halfWidth);
        const swapped = threeWayProbabilities(-difference, halfWidth);
        expect(swapped.probabilityA).toBe(one.probabilityB);
        expect(swapped.probabilityB).toBe(one.probabilityA);
        expect(swapped.probabilityTie).toBe(one.probabilityTie);
      }),
    );
  });

  it('says tie inside the band and a side outside of it', () => {
    expect(likeliest(threeWayProbabilities(0.1, 2))).toBe('tie');
    expect(likeliest(threeWayProbabilities(4, 2))).toBe('A');
    expect(likeliest(threeWayProbabilities(-4, 2))).toBe('B');
    expect(likeliest(threeWayProbabilities(0, 0))).toBe('tie');
  });
});

describe('the ordinal model', () => {
  it('names the label of least expected absolute error, and its score is the expected label', () => {
    const thresholds = [-2, -0.5, 0.3, 1.8];
    fc.assert(
      fc.property(number(-6, 6), (score) => {
        const probabilities = ordinalProbabilities(score, thresholds);
        const risk = (guess: number) =>
          probabilities.reduce((sum, probability, level) => sum + probability * Math.abs(level - guess), 0);
        const least = Math.min(...[0, 1, 2, 3, 4].map(risk));
        expect(risk(medianLevel(score, thresholds))).toBeCloseTo(least, 9);
        const expected = probabilities.reduce((sum, probability, level) => sum + probability * level, 0);
        expect(expectedLevel(score, thresholds)).toBeCloseTo(expected, 9);
      }),
    );
  });
});
