import type { EventRecord } from '@gennaker/domain';

export interface BatchBounds {
  readonly eventsMax: number;
  readonly bytesMax: number;
}

/**
 * The events in the same order, cut where a batch would go above the bounds: one batch in all ordinary cases. An event
 * that is too large by itself makes a batch of its own, which the store then refuses by name.
 */
export function eventBatches(
  events: readonly EventRecord[],
  { eventsMax, bytesMax }: BatchBounds,
): readonly (readonly EventRecord[])[] {
  const batches: EventRecord[][] = [];
  let bytes = 0;
  for (const record of events) {
    const size = Buffer.byteLength(JSON.stringify(record.event));
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= eventsMax || bytes + size > bytesMax) {
      batches.push([record]);
      bytes = size;
    } else {
      batch.push(record);
      bytes += size;
    }
  }
  return batches;
}
