import type {
  AnalysedCanary,
  CanaryActivities,
  CanaryWaitActivities,
} from '@gennaker/contract/wire';
import {
  planDeploy,
  type AnalysisOutcome,
  type DeployPlan,
  type DeployStage,
  type ListenerRule,
} from '@gennaker/domain';
import { scriptedSettings } from './scripted-settings.js';

/** Canary activities over a script: what each analysis says, in turn; the last outcome goes on for ever. */
export function scriptedCanary(
  call: (activity: string, subject: string) => Promise<void>,
  script: {
    readonly outcomes: () => AnalysisOutcome[];
    /** How long a watch beside a question lasts. */
    readonly heldWatch: () => Promise<void>;
  },
): { readonly write: CanaryActivities; readonly wait: CanaryWaitActivities } {
  return {
    write: {
      readAwsTime: async ({ subject }) => {
        await call('readAwsTime', subject.serverGroup);
        return { observedAt: '2026-01-01T00:00:30.000Z' };
      },
      analyseCanary: async ({ arms, from }) => {
        await call('analyseCanary', arms.map(({ name }) => name).join(' '));
        const left = script.outcomes();
        const next = left.length > 1 ? left.shift() : left[0];
        return scriptedAnalysis(next ?? 'pass', from);
      },
    },
    wait: {
      watchCanary: async ({ until, enough, quiet }) => {
        await call('watchCanary', until);
        if (quiet === true) await script.heldWatch();
        return { observedAt: until, enough: enough && false, requests: enough && 7 };
      },
    },
  };
}

function scriptedAnalysis(outcome: AnalysisOutcome, from: string): AnalysedCanary {
  const reason = `the script says ${outcome}`;
  const score = outcome === 'pass' ? 100 : null;
  return { outcome, reason, from, minutes: 53, score, report: { version: 1, outcome, reason } };
}

const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/1';
const listenerArn = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/web/1/2';

const listener: ListenerRule = {
  arn: listenerArn,
  listenerArn,
  priority: 'default',
  conditions: [],
  transforms: [],
  actions: [
    {
      kind: 'forward',
      order: null,
      targetGroups: [{ targetGroupArn, weight: 1 }],
      stickiness: { enabled: false, durationSeconds: null },
    },
  ],
  unknownFields: [],
};

/** A canary of web-prod beside v000, which serves with three instances, as the real planner has it. */
export function scriptedCanaryPlan(stage: DeployStage, serverGroup: string): DeployPlan {
  const steps = stage.strategy.type === 'canary' ? stage.strategy.steps : [];
  return planDeploy({
    stage,
    serverGroup,
    imageId: 'ami-2',
    unusedTargetGroupArns: [],
    cluster: {
      account: stage.account,
      region: stage.region,
      cluster: 'web-prod',
      observedAt: '2026-01-01T00:00:00.000Z',
      serverGroups: [
        {
          name: 'web-prod-v000',
          arn: 'arn:web-prod-v000',
          createdAt: '2026-01-01T00:00:00Z',
          capacity: { min: 3, desired: 3, max: 3 },
          enabled: true,
          deleting: false,
          suspendedProcesses: [],
          targetGroupArns: [targetGroupArn],
          imageId: 'ami-1',
          instances: ['i-1', 'i-2', 'i-3'].map((instanceId) => ({
            instanceId,
            zone: 'eu-west-1a',
            lifecycleState: 'InService',
            healthStatus: 'Healthy',
            targetHealth: [],
            health: 'Up' as const,
          })),
          owner: null,
        },
      ],
    },
    source: { ...scriptedSettings, targetGroupArns: [targetGroupArn] },
    canary: {
      rules: [listener],
      loadBalancers: [],
      expectations: steps.map(() => ({ enough: true, reason: 'ok' })),
    },
  });
}
