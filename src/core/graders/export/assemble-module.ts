/**
 * One Python file made of parts, which are modules of our own package: their imports stand together at the top, what they
 * take from each other is left out.
 */

const OWN_PACKAGE = 'reward_studio.';
const DOCSTRING = /^"""[\s\S]*?"""\n/;
const FROM = /^from (\S+) import (.+)$/;
const FUTURE = '__future__';
/** All else that parts import at their top is of Python itself. */
const LIBRARY = 'openjudge.';

/**
 * @param about the text of the module's docstring, of our own words alone
 * @param parts texts of Python modules, each before those that use it, with one import on each line
 * @throws Error for an import that is not on one line: the parts are ours
 */
export function assembleModule(about: string, parts: readonly string[]): string {
  const named = new Map<string, Set<string>>();
  const plain = new Set<string>();
  const bodies = parts.map((part) => {
    const body: string[] = [];
    for (const line of part.replace(DOCSTRING, '').split('\n')) {
      const from = FROM.exec(line);
      if (from) {
        const [, module = '', names = ''] = from;
        if (names.includes('(')) throw new Error(`This import is not on one line: ${line}`);
        if (module.startsWith(OWN_PACKAGE)) continue;
        const known = named.get(module) ?? new Set();
        for (const name of names.split(', ')) known.add(name);
        named.set(module, known);
      } else if (line.startsWith('import ')) plain.add(line);
      else body.push(line);
    }
    return body.join('\n').trim();
  });
  const imports = [...named].map(([module, names]) => `from ${module} import ${[...names].sort().join(', ')}`);
  const groups = [
    imports.filter((line) => isOf(line, FUTURE)),
    [...[...plain].sort(), ...imports.filter((line) => !isOf(line, FUTURE) && !isOf(line, LIBRARY)).sort()],
    imports.filter((line) => isOf(line, LIBRARY)).sort(),
  ];
  const top = groups.filter((group) => group.length > 0).map((group) => group.join('\n'));
  return [`"""${about}"""`, ...top, `${bodies.join('\n\n\n')}\n`].join('\n\n');
}

const isOf = (line: string, name: string): boolean => line.startsWith(`from ${name}`);

/** A Python expression for any JSON value, readable: the JSON itself, in a raw string. */
export const pythonJson = (value: unknown): string =>
  `json.loads(r'''${withShortLists(JSON.stringify(value, null, 2)).replaceAll("'", '\\u0027')}''')`;

/** Lists of numbers stand on one line each. */
const withShortLists = (json: string): string =>
  json.replaceAll(/\[\n\s*(-?\d[^[\]"]*?)\s+\]/g, (_, numbers: string) => `[${numbers.replaceAll(/\s+/g, ' ')}]`);
