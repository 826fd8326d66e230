import { setTimeout as pass } from 'node:timers/promises';

import type { Arena } from './arena.js';

/** Between two looks for a question, in real milliseconds: a person is no quicker. */
const lookMs = 300;

/** A person who says yes to everything that an execution asks, until told to stop. */
export function approveAll(arena: Arena, executionId: string): { stop(): Promise<void> } {
  const { api } = arena.gennaker;
  let isOver = false;
  const approving = (async () => {
    while (!isOver) {
      await pass(lookMs);
      // Another cell may just have taken a service away: then it is asked again.
      const view = await api.execution(executionId).catch(() => undefined);
      const stage = view?.stages[0];
      const attempt = stage?.attempts.at(-1);
      const question = (attempt?.judgments ?? []).find(({ given }) => given === null);
      if (question === undefined || attempt?.status !== 'RUNNING') continue;
      const { judgmentId } = question;
      const body = { decision: 'continue', judgmentId, by: 'matrix', reason: 'go on' };
      await api
        .post(`/v1/executions/${executionId}/stages/${stage?.refId}/judge`, body)
        .catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await approving;
    },
  };
}
