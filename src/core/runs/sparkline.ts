/** A curve in one line of text, and the values it is drawn from as they come. */

const BARS = '▁▂▃▄▅▆▇█';

/** Values in `width` columns at most, each the mean of its part; the lowest and the highest span the bars. */
export function sparkline(values: readonly number[], width: number): string {
  const columns = Math.min(width, values.length);
  const means = Array.from({ length: columns }, (_, column) => {
    const part = values.slice(
      Math.floor((column * values.length) / columns),
      Math.floor(((column + 1) * values.length) / columns),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const low = Math.min(...means);
  const span = Math.max(...means) - low;
  const bar = (mean: number) => (span > 0 ? Math.round(((mean - low) / span) * (BARS.length - 1)) : 3);
  return means.map((mean) => BARS[bar(mean)]).join('');
}

/** All of a curve in bounded memory: when it is full, neighbours are joined to their mean. */
export class KeptCurve {
  readonly #most: number;
  #values: number[] = [];
  #joined = 1;
  #sum = 0;
  #count = 0;

  constructor(most = 512) {
    this.#most = most;
  }

  get values(): readonly number[] {
    return this.#count === 0 ? this.#values : [...this.#values, this.#sum / this.#count];
  }

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
    if (this.#count < this.#joined) return;
    this.#values.push(this.#sum / this.#count);
    this.#sum = 0;
    this.#count = 0;
    if (this.#values.length < this.#most) return;
    this.#values = this.#values.flatMap((each, index) =>
      index % 2 === 0 ? [(each + this.#values[index + 1]!) / 2] : [],
    );
    this.#joined *= 2;
  }
}
