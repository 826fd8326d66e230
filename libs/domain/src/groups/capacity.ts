/**
 * How many of `base` instances must be healthy: rounded half up, at least one, never more than `base`; none where the
 * base or the percentage is 0. Source: Orca's WaitForUpInstances (clouddriver-aws 3.6).
 */
export function requiredHealthy(base: number, percent: number): number {
  if (base <= 0 || percent <= 0) return 0;
  return Math.min(base, Math.max(1, Math.round((base * percent) / 100)));
}
