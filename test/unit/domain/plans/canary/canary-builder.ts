import {
  madeTargetGroup,
  planDeploy,
  type CanaryFacts,
  type CanaryStrategy,
  type DeployFacts,
  type DeployPlan,
} from '@gennaker/domain';

import { facts, settings, stage } from '../plan-builder.js';
import { blue, rule } from '../../weights/rules.js';

/** Target groups and expectations of the example. */
export const canaryTg = madeTargetGroup('web-prod-v001-canary');
export const baselineTg = madeTargetGroup('web-prod-v001-base');
export const enough = { enough: true, reason: 'about 300 requests' };

function strategyOf(changes: Partial<CanaryStrategy> = {}): CanaryStrategy {
  return {
    type: 'canary',
    steps: [
      { weightPercent: 10, pause: { minutes: 55 } },
      { weightPercent: 30, pause: { requests: 9000, minutesMax: 90 } },
    ],
    ...changes,
  };
}

/** What a test has otherwise than a canary at 10 and 30 % beside a fresh baseline. */
export interface Choice {
  readonly strategy?: Partial<CanaryStrategy>;
  readonly canary?: Partial<CanaryFacts>;
  readonly facts?: Partial<DeployFacts>;
}

/** The plan of it. */
export function plan(choice: Choice = {}): DeployPlan {
  const chosen = strategyOf(choice.strategy);
  const canary = {
    rules: [rule()],
    expectations: [enough, enough],
    loadBalancers: [],
    ...choice.canary,
  };
  const source = { ...settings, targetGroupArns: [blue] };
  return planDeploy(
    facts({
      stage: { ...stage, strategy: chosen, timeoutSeconds: 14_400 },
      source,
      canary,
      ...choice.facts,
    }),
  );
}
