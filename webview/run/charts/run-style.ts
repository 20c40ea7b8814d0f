/** Colour and dash mean the run; its validation points have a shape of their own, too. */

export interface RunStyle {
  /** Name of the theme's variable. */
  readonly colour: string;
  readonly dash: readonly number[];
  readonly shape: 'diamond' | 'square' | 'circle' | 'triangle';
}

const COLOURS = ['blue', 'orange', 'purple', 'green', 'red', 'yellow'] as const;
const DASHES = [[], [6, 3.5], [1.5, 3], [9, 3, 2, 3]] as const;
const SHAPES = ['diamond', 'square', 'circle', 'triangle'] as const;

/** @param place of the run among those compared, from 0. Any 24 neighbours differ. */
export function runStyle(place: number): RunStyle {
  const round = Math.floor(place / COLOURS.length);
  return {
    colour: `--vscode-charts-${COLOURS[place % COLOURS.length]}`,
    dash: DASHES[(place + round) % DASHES.length]!,
    shape: SHAPES[(place + round) % SHAPES.length]!,
  };
}

/** Some of the theme's colours are meant to lie over text, and let it through: a thin line would hardly be seen. */
const opaque = (colour: string): string =>
  colour.replace(/^(#[\da-f]{6})[\da-f]{2}$/i, '$1').replace(/^rgba\((.+),[^,]+\)$/, 'rgb($1)');

/** The theme's colours as they are now: canvases cannot read variables. */
export class Theme {
  readonly #style = getComputedStyle(document.body);
  readonly #known = new Map<string, string>();

  colour(...variables: readonly string[]): string {
    const key = variables.join();
    let found = this.#known.get(key);
    if (found === undefined) {
      found = [...variables, '--vscode-foreground']
        .map((name) => this.#style.getPropertyValue(name).trim())
        .find((value) => value !== '');
      found = opaque(found ?? 'gray');
      this.#known.set(key, found);
    }
    return found;
  }

  get font(): string {
    return `11px ${this.#style.getPropertyValue('--vscode-font-family') || 'sans-serif'}`;
  }

  get foreground(): string {
    return this.colour('--vscode-foreground');
  }

  get dim(): string {
    return this.colour('--vscode-descriptionForeground');
  }

  get background(): string {
    return this.colour('--vscode-editor-background');
  }

  get grid(): string {
    // Thin in every theme, so that it does not compete with the curves.
    return `color-mix(in srgb, ${this.foreground} 12%, transparent)`;
  }
}
