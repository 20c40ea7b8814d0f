/** Thousands of brackets inside each other are no dataset: what is nested deeper than a parser goes has no responses. */
export function unlessTooDeep<Found>(find: () => Found, otherwise: () => Found): Found {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return otherwise();
  }
}
