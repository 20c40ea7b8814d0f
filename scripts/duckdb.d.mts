export const TARGETS: string[];
export const SHIPPED_PACKAGES: string[];
export function hostTarget(): string;
