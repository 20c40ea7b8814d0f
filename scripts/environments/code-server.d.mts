export interface CodeServer {
  readonly folder: string;
  readonly node: string;
  readonly entry: string;
}
export function ensureCodeServer(log?: (line: string) => void): Promise<CodeServer | { readonly missing: string }>;
