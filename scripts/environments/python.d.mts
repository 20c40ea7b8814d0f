/** A Python 3.10 or newer that is on PATH. */
export function findPython(): string | undefined;
