import type { z } from 'zod';

import { redactValue } from './redaction.js';

/** One variable that does not hold what it should. `variable` is null for a rule about several of them. */
export interface ConfigFault {
  readonly variable: string | null;
  /** What was found, credentials removed; null when the variable is not set. */
  readonly got: string | null;
  readonly expected: string;
}

/** Thrown by {@link parseConfig}: every fault at once; the message lists them and holds no credentials. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(`The configuration has ${count(faults.length)}:\n${faults.map(lineOf).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Parses the environment of one process against its one schema, whose keys are the names of the variables. An empty
 * variable counts as not set; variables that the schema does not name are ignored. Returns a frozen object.
 * Throws {@link ConfigError} with every fault.
 */
export function parseConfig<S extends z.ZodObject>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<S>> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = env[name];
      return value === undefined || value.trim() === '' ? [] : [[name, value]];
    }),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  throw new ConfigError(parsed.error.issues.map((issue) => faultOf(issue, schema, given)));
}

/** The configuration as it may be printed: the named keys and all that looks like a credential are hidden. */
export function redactConfig(
  config: Readonly<Record<string, unknown>>,
  secretKeys: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, redactValue(name, value, secretKeys)]),
  );
}

function faultOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodObject,
  given: Readonly<Record<string, string>>,
): ConfigFault {
  const variable = issue.path.length === 0 ? null : String(issue.path[0]);
  const value = variable === null ? undefined : given[variable];
  const shape: Readonly<Record<string, z.core.$ZodType | undefined>> = schema.shape;
  const description = variable === null ? undefined : descriptionOf(shape[variable]);
  return {
    variable,
    got: variable === null || value === undefined ? null : String(redactValue(variable, value)),
    expected: description === undefined ? issue.message : `${issue.message} (${description})`,
  };
}

function descriptionOf(type: z.core.$ZodType | undefined): string | undefined {
  const described = type as { readonly description?: string } | undefined;
  return described?.description;
}

function lineOf(fault: ConfigFault): string {
  if (fault.variable === null) return `  - ${fault.expected}`;
  const got = fault.got === null ? 'not set' : `got ${JSON.stringify(fault.got)}`;
  return `  - ${fault.variable}: ${got}; ${fault.expected}`;
}

function count(faults: number): string {
  return faults === 1 ? 'one fault' : `${faults} faults`;
}
