/** A run's spec as a list of parameters. */

import type { RunSpec } from './spec.ts';

/** What makes two runs different by itself says nothing about how they were trained. */
const IDENTITY = new Set(['version', 'id', 'name', 'created_at']);

/** Dotted names and values as text, in the order of the spec: `settings.learning_rate` -> `0.00001`. */
export function flattenSpec(spec: RunSpec): [name: string, value: string][] {
  return Object.entries(spec)
    .filter(([name]) => !IDENTITY.has(name))
    .flatMap(([name, value]) => flatten(name, value));
}

function flatten(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]) => flatten(`${name}.${key}`, inner));
}
