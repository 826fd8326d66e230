/**
 * The part of our own environment that every child needs to find programs and its home, and
 * nothing else: no TEMPORAL_…, PG… or AWS_… variable of the caller leads a child astray.
 */
export function hostEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' };
}
