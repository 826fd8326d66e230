import type { StoredEvent } from '@gennaker/domain';

/** One event as text of a stream (HTML standard, server-sent events): its position is the id, its kind the event. */
export function eventText(stored: StoredEvent): string {
  return `id: ${stored.position}\nevent: ${stored.event.kind}\ndata: ${JSON.stringify(stored)}\n\n`;
}

/** The last word of a stream: nothing follows unless a person retries. It has no id, so a client keeps its place. */
export function endText(position: number, status: string): string {
  return `event: end\ndata: ${JSON.stringify({ position, status })}\n\n`;
}

/** How long a client waits before it comes back, in milliseconds. */
export function retryText(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** A line that clients ignore, so that nothing between them and us takes the connection for dead. */
export const commentText = ': still here\n\n';
