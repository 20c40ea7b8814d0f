export function findChromium(): string | undefined;
export function ensureChromium(
  log?: (line: string) => void,
): Promise<{ readonly executable: string } | { readonly missing: string }>;
/** Launch flags for a browser that keeps to itself. */
export const CHROMIUM_ARGUMENTS: readonly string[];
