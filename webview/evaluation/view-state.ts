/** How the page is looked at: what survives hiding and reloading. */

export interface ViewState {
  /** What rows are told apart by, as its kind and name. */
  readonly slicing: string | null;
  readonly measure: string | null;
  /** The slices in which the model does worst come first. */
  readonly weakestFirst: boolean;
  /** Path of the report that this one is compared with. */
  readonly comparedWith: string | null;
}

export interface SavedView {
  readonly view: ViewState;
  readonly save: (view: ViewState) => void;
}

export function restoredView(saved: unknown): ViewState {
  const { slicing, measure, weakestFirst, comparedWith } = (
    typeof saved === 'object' && saved !== null ? saved : {}
  ) as Record<string, unknown>;
  return {
    slicing: typeof slicing === 'string' ? slicing : null,
    measure: typeof measure === 'string' ? measure : null,
    weakestFirst: weakestFirst === true,
    comparedWith: typeof comparedWith === 'string' ? comparedWith : null,
  };
}
