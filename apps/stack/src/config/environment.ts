/** Environment variables, as `process.env` holds them; only main.ts reads that itself. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The part of an environment that a service needs to find programs and its home, and nothing else:
 * no TEMPORAL_…, PG… or AWS_… variable of the caller leads it astray.
 */
export function hostEnvironment(env: Environment): Record<string, string> {
  return { PATH: env['PATH'] ?? '/usr/bin:/bin', HOME: env['HOME'] ?? '/' };
}

/** The variables that are set. */
export function definedVariables(env: Environment): Record<string, string> {
  const defined = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(defined);
}
