import { SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import type { Scene, RunningScene } from './adversity.js';

/** What AWS answers to a person who comes too late: a size below a pinned minimum, a group that is gone, another refresh. */
const tooLate = ['ValidationError', 'InstanceRefreshInProgress', 'ActiveInstanceRefreshNotFound'];

/** Does it as a person beside Gennaker would; false where AWS refuses it by what is there now. */
export async function byHand(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !tooLate.includes(error.name)) throw error;
    return false;
  }
}

/** Another size of a group; its minimum stays. */
export async function setDesired(
  { arena }: Scene,
  serverGroup: string,
  desired: number,
): Promise<boolean> {
  const wanted = { AutoScalingGroupName: serverGroup, DesiredCapacity: desired };
  return await byHand(() => arena.hands.autoScaling.send(new SetDesiredCapacityCommand(wanted)));
}

/** Stops the execution as a person would. */
export async function cancel(
  { arena, executionId }: RunningScene,
  intent: 'rollback' | 'finishStep' = 'rollback',
): Promise<void> {
  await arena.gennaker.api.post(`/v1/executions/${executionId}/cancel`, {
    by: 'matrix',
    reason: 'an adversity',
    intent,
  });
}
