import * as api from '@gennaker/api';
import * as stack from '@gennaker/stack';
import * as worker from '@gennaker/worker';

import { code, table } from './markdown.js';

/** One environment variable of one process. */
export interface Setting {
  readonly variable: string;
  readonly process: string;
  /** As it would be written; empty when there is none. */
  readonly standard: string;
  readonly required: boolean;
  readonly meaning: string;
}

interface ConfigSchema {
  readonly shape: Readonly<Record<string, unknown>>;
  readonly toJSONSchema: (options: object) => unknown;
}

interface JsonSchema {
  readonly properties: Readonly<Record<string, JsonProperty>>;
  readonly required?: readonly string[];
}

interface JsonProperty {
  readonly default?: unknown;
  readonly description?: string;
  readonly enum?: readonly unknown[];
}

/** Each process with its room; what the room exports of its configuration is found by its shape. */
const processes: readonly (readonly [name: string, room: object])[] = [
  ['launcher', stack],
  ['api', api],
  ['worker', worker],
];

/** Every variable that a process reads, from the schemas that parse the environment. */
export function settings(): readonly Setting[] {
  return processes.flatMap(([name, room]) =>
    Object.values(room)
      .filter(isConfigSchema)
      .flatMap((schema) => settingsOf(name, schema)),
  );
}

/** One row a variable; processes that read the same one differently show each. */
export function settingsTable(): string {
  const all = settings();
  const variables = [...new Set(all.map(({ variable }) => variable))];
  const rows = variables.map((variable) => {
    const readings = all.filter((one) => one.variable === variable);
    return [
      code(variable),
      distinct(readings.map((one) => one.process)),
      distinct(readings.map(standardOf)),
      distinct(readings.map(({ meaning }) => meaning)),
    ];
  });
  return table(['Variable', 'Read by', 'Default', 'Meaning'], rows);
}

function settingsOf(name: string, schema: ConfigSchema): readonly Setting[] {
  const { properties, required } = schema.toJSONSchema({
    io: 'input',
    unrepresentable: 'any',
  }) as JsonSchema;
  return Object.entries(properties).map(([variable, property]) => ({
    variable,
    process: name,
    standard: property.default === undefined ? '' : String(property.default as string | number),
    required: required?.includes(variable) === true,
    meaning: [property.description ?? '', property.enum?.map(String).map(code).join(' or ') ?? '']
      .filter((part) => part !== '')
      .join(': '),
  }));
}

function standardOf({ process, standard, required }: Setting): string {
  if (standard !== '') return code(standard);
  return required ? `must be set for the ${process}` : '';
}

function distinct(words: readonly string[]): string {
  return [...new Set(words)].filter((word) => word !== '').join(', ');
}

function isConfigSchema(value: unknown): value is ConfigSchema {
  if (typeof value !== 'object' || value === null || !('shape' in value)) return false;
  const keys = Object.keys(Object(value.shape) as object);
  return keys.length > 0 && keys.every((key) => /^[A-Z][A-Z0-9_]*$/.test(key));
}
