/** docs/training.md with its tables as the declaration of the settings has them. */
export function withTables(): Promise<string>;
