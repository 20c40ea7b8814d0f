/** What a transform is: it takes cells (or earlier results) and gives a value, or throws `UnfitRow`. */

export type Parameters = Readonly<Record<string, unknown>>;
/** `fields[i]` names `values[i]` in problems. */
export type Transform = (values: readonly unknown[], fields: readonly string[], parameters: Parameters) => unknown;
