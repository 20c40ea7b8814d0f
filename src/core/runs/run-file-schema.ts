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

/** Where a file names this engine (or none, for the default one): its methods and its settings. */
function engineRule(id: EngineId): JsonSchema[] {
  const engine = ENGINES[id];
  if (!engine) return [];
  const named: JsonSchema = { properties: { engine: { const: id } } };
  const isDefault = runFileSchema.shape.engine.parse(undefined) === id;
  const { $schema: _, ...settings } = toJsonSchema(engine.settingsSchema(engine.methods[0]!));
  const required = settings.required?.length ? { required: ['settings'] } : {};
  return [
    {
      if: isDefault ? named : { ...named, required: ['engine'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { settings, method: { enum: [...engine.methods] } }, ...required },
    },
  ];
}
