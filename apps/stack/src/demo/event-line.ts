import { z } from 'zod';

import type { StreamedEvent } from './follow-execution.js';

const ofAttempt = { refId: z.string(), attempt: z.int() };
const error = z.looseObject({ message: z.string() }).nullable();
const entry = z.looseObject({ id: z.string(), title: z.string() });
const waitingFor = z.looseObject({ reason: z.string(), message: z.string() }).nullable();
const plan = z.looseObject({
  target: z.looseObject({ serverGroup: z.string() }),
  steps: z.array(z.looseObject({ title: z.string() })),
});

/** The events that a person is told of; the others are for machines. */
const toldEvent = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('execution.finished'), status: z.string() }),
  z.looseObject({ kind: z.literal('stage.started'), ...ofAttempt }),
  z.looseObject({ kind: z.literal('stage.planned'), ...ofAttempt, plan }),
  z.looseObject({ kind: z.literal('stage.waiting'), ...ofAttempt, waitingFor }),
  z.looseObject({ kind: z.literal('stage.finished'), ...ofAttempt, status: z.string(), error }),
  z.looseObject({ kind: z.literal('step.started'), ...ofAttempt, title: z.string() }),
  z.looseObject({ kind: z.literal('undo.recorded'), ...ofAttempt, entry }),
  z.looseObject({ kind: z.literal('undo.started'), ...ofAttempt, cause: z.string(), error }),
  z.looseObject({ kind: z.literal('undo.entryStarted'), ...ofAttempt, entryId: z.string() }),
  z.looseObject({
    kind: z.literal('undo.entryFinished'),
    ...ofAttempt,
    entryId: z.string(),
    status: z.string(),
  }),
]);

type ToldEvent = z.output<typeof toldEvent>;

/** Puts events into words; remembers what the entries of an undo are called. */
export function createEventTeller(): (event: StreamedEvent) => string | undefined {
  const titles = new Map<string, string>();
  return ({ event }) => {
    const told = toldEvent.safeParse(event);
    if (!told.success) {
      return undefined;
    }
    if (told.data.kind === 'undo.recorded') {
      titles.set(told.data.entry.id, told.data.entry.title);
      return undefined;
    }
    return lineOf(told.data, (id) => titles.get(id) ?? id);
  };
}

/** Whether a stage waits until another execution gives its cluster back. */
export function isWaitForLock(event: StreamedEvent['event']): boolean {
  const told = toldEvent.safeParse(event);
  return told.data?.kind === 'stage.waiting' && told.data.waitingFor?.reason === 'lock';
}

function lineOf(event: ToldEvent, titleOf: (entryId: string) => string): string | undefined {
  if (event.kind === 'execution.finished') {
    return `execution ${event.status}`;
  }
  const stage = event.attempt === 1 ? event.refId : `${event.refId} (attempt ${event.attempt})`;
  switch (event.kind) {
    case 'stage.started':
      return `${stage}: started`;
    case 'stage.planned':
      return `${stage}: the plan for ${event.plan.target.serverGroup}: ${event.plan.steps.map((step) => step.title).join('; ')}`;
    case 'stage.waiting':
      return event.waitingFor === null ? undefined : `${stage}: ${event.waitingFor.message}`;
    case 'stage.finished':
      return `${stage}: ${event.status}${event.error === null ? '' : `, ${event.error.message}`}`;
    case 'step.started':
      return `${stage}: ${event.title}`;
    case 'undo.started':
      return `${stage}: undoing after ${event.cause}${event.error === null ? '' : `, ${event.error.message}`}`;
    case 'undo.entryStarted':
      return `${stage}: undo: ${titleOf(event.entryId)}`;
    case 'undo.entryFinished':
      return `${stage}: undo ${event.status}: ${titleOf(event.entryId)}`;
    case 'undo.recorded':
      return undefined;
  }
}
