/** Why damaged bytes could not be decoded, for a message. */

/** An error of the engine itself is only the trace that nonsense left: it says nothing to a person. */
export function reasonOf(error: unknown): string {
  if (error instanceof TypeError || error instanceof RangeError) return 'what it holds makes no sense';
  return error instanceof Error ? error.message : String(error);
}
