/**
 * One Python file made of parts, which are modules of our own package: their imports stand together at the top, what they
 * take from each other is left out.
 */

const OWN_PACKAGE = 'reward_studio.';
const DOCSTRING = /^"""[\s\S]*?"""\n/;
const FROM = /^from (\S+) import (.+)$/;
const FUTURE = '__future__';

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
  const lines = [...named].map(([module, names]) => `from ${module} import ${[...names].sort().join(', ')}`);
  const isFuture = (line: string) => line.startsWith(`from ${FUTURE} `);
  const imports = [...[...plain].sort(), ...lines.filter((line) => !isFuture(line)).sort()];
  return [`"""${about}"""`, lines.filter(isFuture).join('\n'), imports.join('\n'), `\n${bodies.join('\n\n\n')}\n`].join(
    '\n\n',
  );
}

/** A Python expression for any JSON value, readable: the JSON itself, in a raw string. */
export const pythonJson = (value: unknown): string =>
  `json.loads(r'''${JSON.stringify(value, null, 2).replaceAll("'", '\\u0027')}''')`;
