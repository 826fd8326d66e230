import type { AwsWriteActivities, ScalingActivities } from '@gennaker/contract/wire';
import type { DeployPlan, PlannedScaling } from '@gennaker/domain';

/** The scaling activities of a scripted world. */
export function scriptedScaling(
  call: (activity: string, subject: string) => Promise<void>,
): ScalingActivities & Pick<AwsWriteActivities, 'readScalingActivities' | 'readFailureEvidence'> {
  return {
    readFailureEvidence: async ({ subject }) => {
      await call('readFailureEvidence', subject.serverGroup);
      const at = '2026-01-01T00:00:00Z';
      const where = { zone: 'eu-west-1a', lifecycleState: 'InService' };
      return {
        serverGroup: subject.serverGroup,
        observedAt: at,
        targetHealth: [
          {
            targetGroupArn: 'arn:tg',
            state: 'unhealthy',
            reason: 'Target.FailedHealthChecks',
            description: 'Health checks failed',
            instances: 3,
            examples: ['i-1', 'i-2', 'i-3'],
          },
        ],
        consoles: [{ instanceId: 'i-1', ...where, at, text: 'password=hunter2', isWhole: true }],
        unread: [],
      };
    },
    readScalingActivities: async ({ subject }) => {
      await call('readScalingActivities', subject.serverGroup);
      return [
        {
          at: '2026-01-01T00:00:00Z',
          status: 'Failed',
          description: 'Launching',
          message: 'no capacity',
        },
      ];
    },
    attachScaling: async ({ subject, scaling }) => {
      await call('attachScaling', subject.serverGroup);
      return {
        policies: scaling.policies.map(({ name }) => name),
        alarms: scaling.alarms.map(({ name }) => name),
        scheduledActions: scaling.scheduledActions.map(({ name }) => name),
        over: [],
      };
    },
    releaseScaling: async ({ subject }) => {
      await call('releaseScaling', subject.serverGroup);
      return { missed: [], capacity: { min: 3, desired: 3, max: 3 } };
    },
    deleteServerGroupAlarms: async ({ subject, alarmNames }) => {
      await call('deleteServerGroupAlarms', subject.serverGroup);
      return { deleted: alarmNames ?? [], left: [] };
    },
  };
}

/** Attached once the new group is healthy, released at the end. */
export function withScaling(plan: DeployPlan, scaling: PlannedScaling): DeployPlan {
  const subject = { ...plan.cluster, serverGroup: plan.target.serverGroup };
  const holds = ['ScheduledActions'];
  const disabling = plan.steps.findIndex(({ operation }) => operation === 'disableServerGroup');
  return {
    ...plan,
    target: {
      ...plan.target,
      carriedOver: {
        members: {},
        mixedInstances: null,
        lifecycleHooks: [],
        notifications: [],
        enabledMetrics: [],
        scaling,
      },
    },
    steps: [
      ...plan.steps.slice(0, disabling),
      { id: 'attachScaling', operation: 'attachScaling', title: 'Attach', subject, holds },
      ...plan.steps.slice(disabling),
      {
        id: 'releaseScaling',
        operation: 'releaseScaling',
        title: 'Release',
        subject,
        resumes: holds,
      },
    ],
  };
}
