export const TEST_PROGRAMS: readonly string[];
export function bundleTypeScript(entry: string): Promise<string>;
export function runTypeScript(entry: string, args: readonly string[]): Promise<number>;
