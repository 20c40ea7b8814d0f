export function moduleOf(wat: string): Promise<string>;
export function watFiles(): string[];
export function moduleFileOf(wat: string): string;
