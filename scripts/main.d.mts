export const root: string;
export function isMain(meta: ImportMeta): boolean;
export function seconds(since: number): string;
