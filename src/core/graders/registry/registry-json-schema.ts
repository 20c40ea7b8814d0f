/** The JSON Schema of `graders.json`, made of the schemas that the parser uses, for editors. */

import * as z from 'zod';
import { ENTRY_KINDS, ENTRY_SCHEMAS, type EntryKind } from './grader-entry.ts';
import { REGISTRY_VERSION } from './registry-file.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Draft 7, which VS Code's own JSON support reads. Defaults may be left out. */
export function registryJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Graders of Reward Studio',
    description: 'Which graders a workspace has: see docs/graders.md.',
    type: 'object',
    properties: {
      $schema: { type: 'string', description: 'where an editor finds this schema' },
      version: { type: 'number', const: REGISTRY_VERSION, description: 'version of the format of this file' },
      graders: {
        type: 'array',
        description: 'the graders',
        items: {
          type: 'object',
          required: ['name', 'kind'],
          properties: { kind: { enum: ENTRY_KINDS, description: 'what answers' } },
          allOf: ENTRY_KINDS.map(kindRule),
        },
      },
    },
    required: ['version', 'graders'],
    additionalProperties: false,
  };
}

function kindRule(kind: EntryKind): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(ENTRY_SCHEMAS[kind], { target: 'draft-7', io: 'input' });
  return { if: { properties: { kind: { const: kind } }, required: ['kind'] }, [THEN]: schema };
}

/** A keyword of JSON Schema; an object that has a method of this name would be taken for a promise. */
const THEN = 'then';
