/**
 * Hyper-parameters of the engine `trl`, made of their declaration (`settings.json`), which the trainer in Python reads too.
 * Ranges, choices and defaults depend on the method.
 */

import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import type { MethodId } from '../../methods/method.ts';
import { describeIssues } from '../../runs/schema-issues.ts';
import type { Settings } from '../../runs/spec.ts';
import declaration from './settings.json' with { type: 'json' };

type Value = number | boolean | string;
type ByMethod<T> = Readonly<Partial<Record<MethodId, T>>>;

/** One entry of the declaration. */
export interface SettingDeclaration {
  readonly name: string;
  /** What it is about: schedule, rows, hardware, … */
  readonly group: string;
  readonly type: 'number' | 'integer' | 'boolean' | 'enum' | 'string';
  readonly methods: readonly MethodId[];
  readonly default: Value | ByMethod<Value>;
  /** Where the default comes from. */
  readonly source: string | ByMethod<string>;
  readonly description: string;
  readonly min?: number;
  /** Greater than this. */
  readonly above?: number;
  readonly max?: number;
  readonly max_length?: number;
  readonly unit?: string;
  readonly choices?: readonly string[] | ByMethod<readonly string[]>;
  /** In place of the default where an adapter is trained (`lora_rank` above 0). */
  readonly default_with_lora?: Value | ByMethod<Value>;
}

export const TRL_SETTINGS = declaration.settings as readonly SettingDeclaration[];

const schemas = new Map<MethodId, z.ZodObject>();

/** Strict: an unknown key is an error. */
export function trlSettingsSchema(method: MethodId): z.ZodObject {
  const known = schemas.get(method);
  if (known) return known;
  const schema = z.strictObject(
    Object.fromEntries(settingsOf(method).map((setting) => [setting.name, schemaOf(setting, method)])),
  );
  schemas.set(method, schema);
  return schema;
}

/**
 * Checks and completes settings.
 * @throws StudioError 'usage' for an unknown or impossible one, naming those there are
 */
export function resolveTrlSettings(settings: Settings, method: MethodId): Settings {
  const schema = trlSettingsSchema(method);
  const result = schema.safeParse(settings);
  if (!result.success) {
    throw new StudioError('usage', `The settings do not fit the engine trl: ${describeIssues(result.error, schema)}.`, {
      hint: `It knows for this method: ${Object.keys(schema.shape).join(', ')}.`,
    });
  }
  const complete = result.data as Settings;
  const withLora = Number(complete.lora_rank) > 0;
  for (const { name, default_with_lora: value } of withLora ? settingsOf(method) : []) {
    const given = valueFor(value, method);
    if (given !== undefined && settings[name] === undefined) complete[name] = given;
  }
  return complete;
}

const settingsOf = (method: MethodId) => TRL_SETTINGS.filter(({ methods }) => methods.includes(method));

function schemaOf(setting: SettingDeclaration, method: MethodId): z.ZodType {
  const standard = valueFor(setting.default, method);
  if (standard === undefined) throw new TypeError(`${setting.name} has no default for ${method}`);
  return bare(setting, method).prefault(standard).describe(describe(setting, method));
}

function bare({ name, type, min, above, max, max_length, choices }: SettingDeclaration, method: MethodId): z.ZodType {
  switch (type) {
    case 'boolean':
      return z.boolean();
    case 'string':
      return max_length === undefined ? z.string() : z.string().max(max_length);
    case 'enum': {
      const words = valueFor(choices, method);
      if (!words) throw new TypeError(`${name} has no choices for ${method}`);
      return z.enum(words as [string, ...string[]]);
    }
    case 'number':
    case 'integer': {
      let number = type === 'integer' ? z.number().int() : z.number();
      if (min !== undefined) number = number.min(min);
      if (above !== undefined) number = number.gt(above);
      if (max !== undefined) number = number.max(max);
      return number;
    }
  }
}

/** With its unit, and with the default that an adapter has instead. */
function describe({ description, unit, default_with_lora }: SettingDeclaration, method: MethodId): string {
  const withLora = valueFor(default_with_lora, method);
  return [
    description,
    unit === undefined || description.includes(unit) ? undefined : `in ${unit}`,
    withLora === undefined ? undefined : `default with lora_rank above 0: ${withLora}`,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
}

/** What is said for one method, or for all. */
function valueFor<T>(said: T | ByMethod<T> | undefined, method: MethodId): T | undefined {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return said as T | undefined;
  return (said as ByMethod<T>)[method];
}
