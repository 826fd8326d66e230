import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Adversity, EndedScene, Scouted } from '../adversity.js';

/** The share of requests that instances of a faulty image answer with a 5xx: two percent more errors, as in the issue. */
const errorRate = 0.02;

/** What figures say of the new version: an alarm in each step that watches alarms, and errors that an analysis must find. */
export function badFigures({ steps, isJudged }: Scouted): readonly Adversity[] {
  return [
    ...steps.filter(({ watchesAlarms }) => watchesAlarms).map(({ id }) => alarmAt(id)),
    ...(isJudged ? [badCanaryMetric] : []),
  ];
}

const badCanaryMetric: Adversity = {
  name: 'bad canary metric',
  expects: 'undone',
  before: ({ arena, imageId }) => arena.gennaker.aws.imageErrors(imageId, errorRate),
  afterwards: endedWith('CANARY_FAILED'),
};

function alarmAt(stepId: string): Adversity {
  return {
    name: `alarm raised at ${stepId}`,
    expects: 'undone',
    during: async (scene) => {
      if (!(await scene.reached(stepId))) return false;
      const { arena, fleet } = scene;
      await arena.hands.cloudWatch.send(
        new SetAlarmStateCommand({
          AlarmName: fleet.alarmName,
          StateValue: 'ALARM',
          StateReason: 'error budget burns',
        }),
      );
      return true;
    },
    afterwards: endedWith('ALARM_RAISED', 'INSTANCE_REFRESH_FAILED'),
  };
}

/** The reason that people are told is that one and no other. */
export function endedWith(...codes: readonly string[]) {
  return async ({ view }: EndedScene): Promise<readonly string[]> => {
    const error = view.stages[0]?.attempts.at(-1)?.error;
    if (error !== undefined && error !== null && codes.includes(error.code)) return [];
    return [`it ended with ${error?.code ?? 'no error'}, not ${codes.join(' or ')}`];
  };
}
