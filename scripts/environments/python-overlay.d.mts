export function ensurePythonOverlay(
  name: string,
  log?: (line: string) => void,
): Promise<{ folder?: string; missing?: string }>;
export function overlayFolder(name: string): Promise<string>;
