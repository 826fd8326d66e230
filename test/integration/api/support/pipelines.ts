import type { Pipeline } from '@gennaker/domain';

/** A pipeline of one wait, which needs nothing of AWS. */
export function waitingPipeline(changes: Partial<Pipeline> = {}): Pipeline {
  return {
    schemaVersion: 1,
    application: 'web',
    name: 'just-wait',
    stages: [
      {
        refId: 'settle',
        name: 'Wait a little',
        type: 'wait',
        waitSeconds: 0,
        timeoutSeconds: 60,
        requisiteStageRefIds: [],
      },
    ],
    ...changes,
  };
}

/** The same as a person writes it, for a body. */
export const waitingDefinition = {
  schemaVersion: 1,
  application: 'web',
  name: 'just-wait',
  stages: [{ refId: 'settle', name: 'Wait a little', type: 'wait', waitSeconds: 0 }],
};

/** An id that no execution has. */
export const nobody = '01JD1ZK2M3N4P5Q6R7S8T9V0W1';
