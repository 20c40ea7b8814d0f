export function buildAll(options?: {
  readonly production?: boolean;
  readonly ifStale?: boolean;
  readonly log?: (line: string) => void;
}): Promise<void>;
