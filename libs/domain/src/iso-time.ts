/** Milliseconds since the epoch as ISO 8601 in UTC. Pure: it formats the time that it is given. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** ISO 8601 as milliseconds since the epoch. */
export function epochMs(iso: string): number {
  return Date.parse(iso);
}
