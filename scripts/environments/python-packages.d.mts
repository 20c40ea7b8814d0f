/** The interpreter with pyarrow and datasets, where it is in the cache: `npm test -- python-packages` puts it there. */
export function findPythonPackages(name?: string): Promise<string | undefined>;
