/**
 * The JSON Schema of run files, made of the schemas that the parser uses, for editors: completion, descriptions and
 * validation. The settings are those of the engine that the file names.
 */

import * as z from 'zod';
import { ENGINES } from '../engines/known-engines.ts';
import { METHOD_IDS, METHODS } from '../methods/method.ts';
import { ENGINE_IDS, type EngineId, runFileSchema } from './spec.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Draft 7, which VS Code's own JSON support reads. Defaults may be left out. */
const toJsonSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });

export function runFileJsonSchema(): JsonSchema {
  const schema = toJsonSchema(runFileSchema);
  const { method, engine, ...others } = schema.properties as Record<string, JsonSchema>;
  return {
    ...schema,
    title: 'Run file of Reward Studio',
    description: 'What a training run does: see docs/run-format.md.',
    properties: {
      ...others,
      method: { ...method, enumDescriptions: METHOD_IDS.map((id) => `${METHODS[id].title}: ${METHODS[id].summary}`) },
      engine: {
        ...engine,
        enumDescriptions: ENGINE_IDS.map((id) => ENGINES[id]?.summary ?? 'Not in this version.'),
      },
    },
    allOf: ENGINE_IDS.flatMap(engineRule),
  };
}

/** Where a file names this engine (or none, for the default one): its methods, what it needs and its settings. */
function engineRule(id: EngineId): JsonSchema[] {
  const engine = ENGINES[id];
  if (!engine) return [];
  const named: JsonSchema = { properties: { engine: { const: id } } };
  const isDefault = runFileSchema.shape.engine.parse(undefined) === id;
  const required = isDefault ? [] : ['engine'];
  const needs = engine.needsBaseModel ? ['base_model'] : [];
  const byMethod = engine.methods.map((method) => ({
    method,
    settings: settingsJsonSchema(engine.settingsSchema(method)),
  }));
  const [first] = byMethod;
  const same = byMethod.every(({ settings }) => JSON.stringify(settings) === JSON.stringify(first?.settings));
  const methods = { method: { enum: [...engine.methods] } };
  const rule = (given: JsonSchema, then: JsonSchema): JsonSchema => ({ if: given, [THEN]: then });
  const requiredWith = (settings: JsonSchema) => {
    const all = [...needs, ...(settings.required?.length ? ['settings'] : [])];
    return all.length > 0 ? { required: all } : {};
  };
  if (same && first) {
    const properties = { ...methods, settings: first.settings };
    return [rule({ ...named, required }, { ...requiredWith(first.settings), properties })];
  }
  return [
    rule({ ...named, required }, { ...(needs.length > 0 ? { required: needs } : {}), properties: methods }),
    ...byMethod.map(({ method, settings }) =>
      rule(
        { properties: { ...named.properties, method: { const: method } }, required: [...required, 'method'] },
        { ...requiredWith(settings), properties: { settings } },
      ),
    ),
  ];
}

/** A keyword of JSON Schema; an object that has a method of this name would be taken for a promise. */
const THEN = 'then';

function settingsJsonSchema(settings: z.ZodObject): JsonSchema {
  const { $schema: _, ...schema } = toJsonSchema(settings);
  return schema;
}
