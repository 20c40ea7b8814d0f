export function pythonFiles(): { source: string; target: string }[];
export function copyPython(folder: string, write: (file: string, contents: Buffer) => void): void;
