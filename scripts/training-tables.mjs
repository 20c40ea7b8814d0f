// The tables of settings in docs/training.md, from their declaration. `node scripts/training-tables.mjs` writes them;
// a unit test says whether they are up to date.
import fs from 'node:fs/promises';
import path from 'node:path';
import { isMain, root } from './main.mjs';

const DOCUMENT = path.join(root, 'docs/training.md');
const SETTINGS = path.join(root, 'src/core/engines/trl/settings.json');
const METHODS = ['bradley-terry', 'pointwise', 'pairwise', 'sft'];

/** The document with its tables as the declaration has them. */
export async function withTables() {
  const [text, { settings }] = await Promise.all([
    fs.readFile(DOCUMENT, 'utf8'),
    fs.readFile(SETTINGS, 'utf8').then(JSON.parse),
  ]);
  return METHODS.reduce((document, method) => {
    const block = new RegExp(`(<!-- settings of ${method} -->\\n)[^]*?(<!-- end -->)`);
    if (!block.test(document)) throw new Error(`docs/training.md has no place for the settings of ${method}`);
    return document.replace(block, (_, start, end) => `${start}${tableOf(settings, method)}${end}`);
  }, text);
}

function tableOf(settings, method) {
  const rows = settings
    .filter(({ methods }) => methods.includes(method))
    .map((setting) => {
      const default_ = defaultOf(setting, method, 'default');
      const lora =
        'default_with_lora' in setting ? `; with LoRA ${defaultOf(setting, method, 'default_with_lora')}` : '';
      const sourceOfLora =
        'source_with_lora' in setting ? `; with LoRA: ${forMethod(setting.source_with_lora, method)}` : '';
      const source = `${forMethod(setting.source, method)}${sourceOfLora}`;
      return `| \`${setting.name}\` | ${default_}${lora} | ${rangeOf(setting, method)} | ${setting.description} | ${source} |\n`;
    });
  return `\n| setting | default | values | meaning | source of the default |\n|---|---|---|---|---|\n${rows.join('')}\n`;
}

const forMethod = (value, method) => (typeof value === 'object' && !Array.isArray(value) ? value[method] : value);

function defaultOf(setting, method, key) {
  const value = forMethod(setting[key], method);
  return value === '' ? 'empty' : String(value);
}

function rangeOf(setting, method) {
  if (setting.type === 'enum') return forMethod(setting.choices, method).join(', ');
  if (setting.type === 'boolean') return 'true, false';
  if (setting.type === 'string') return 'text';
  const least = setting.above === undefined ? String(setting.min) : `above ${setting.above}`;
  return `${least} to ${setting.max}`;
}

if (isMain(import.meta)) await fs.writeFile(DOCUMENT, await withTables());
