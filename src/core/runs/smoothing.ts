/** Exponential moving average of a curve, over its points, each counting the same. */

import { type FloatColumn, floatColumn } from './growing-columns.ts';

/**
 * Bias-corrected: m_t = beta m_(t-1) + (1 - beta) x_t with m_0 = 0, shown as m_t / (1 - beta^t), so that the start is not
 * drawn to zero (Kingma and Ba 2015, "Adam", section 3). Values that are not finite count for nothing and are not shown.
 * Follows a curve that grows: what was computed is kept as long as the curve only gets longer.
 */
export class SmoothedCurve {
  readonly beta: number;
  #values: FloatColumn = floatColumn();
  #rewrites = 0;
  #moment = 0;
  #decay = 1;

  /** @param beta 0 (the curve itself) up to, but not including, 1 */
  constructor(beta: number) {
    this.beta = beta;
  }

  /** One value for each of the curve's; NaN where the curve has no finite one. */
  of(curve: { readonly value: FloatColumn; readonly rewrites: number }): Float64Array {
    if (curve.rewrites !== this.#rewrites) {
      this.#values = floatColumn();
      this.#rewrites = curve.rewrites;
      this.#moment = 0;
      this.#decay = 1;
    }
    const { data, length } = curve.value;
    for (let at = this.#values.length; at < length; at += 1) this.#values.push(this.#next(data[at]!));
    return this.#values.data;
  }

  #next(value: number): number {
    if (!Number.isFinite(value)) return Number.NaN;
    this.#moment = this.beta * this.#moment + (1 - this.beta) * value;
    this.#decay *= this.beta;
    return this.#moment / (1 - this.#decay);
  }
}
