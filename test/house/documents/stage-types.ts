import { stageSchemas } from '@gennaker/contract';

import { code, table } from './markdown.js';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly required?: readonly string[];
}

/** What every stage has; the text above the table says it once. */
const common = new Set(['refId', 'name', 'type', 'requisiteStageRefIds']);

/** Every stage type with its fields, from the schemas that check a pipeline. */
export function stageTypesTable(): string {
  const rows = Object.entries(stageSchemas).map(([type, stage]) => {
    const schema = stage.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as JsonSchema;
    const fields = Object.entries(schema.properties ?? {}).filter(([name]) => !common.has(name));
    const required = fields.filter(([name]) => schema.required?.includes(name) === true);
    const optional = fields.filter(([name]) => schema.required?.includes(name) !== true);
    return [
      code(type),
      required.map(([name]) => code(name)).join(', '),
      optional.map(([name, field]) => withDefault(name, field.default)).join(', '),
    ];
  });
  return table(['Stage type', 'Must have', 'May have (default)'], rows);
}

function withDefault(name: string, value: unknown): string {
  return value === undefined ? code(name) : `${code(name)} (${code(JSON.stringify(value))})`;
}
