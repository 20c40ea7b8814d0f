export function packageExtension(log?: (line: string) => void): Promise<string>;
/** Where the package lies once it is built. */
export function vsixPath(target?: string): string;
