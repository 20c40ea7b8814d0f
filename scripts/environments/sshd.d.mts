export function findSshd(): string | undefined;
