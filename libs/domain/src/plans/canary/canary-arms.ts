import type { CanaryArm } from '../../canary/canary-analysis.js';
import type { CanaryBaseline } from '../../canary/canary-strategy.js';
import {
  weightsOf,
  type ListenerRule,
  type TargetGroupWeight,
} from '../../weights/listener-rule.js';
import { weightPercentMax } from '../../weights/rule-weights.js';

/** Who takes requests while a canary runs. */
export interface CanaryFleets {
  readonly baseline: CanaryBaseline;
  /** The source, behind the target group that has all requests before and afterwards. */
  readonly running: CanaryFleet;
  readonly canary: CanaryFleet;
  /** Null: the running fleet is the control. */
  readonly fresh: CanaryFleet | null;
}

/** A server group and the target group that only it stands behind; a placeholder until that is made. */
export interface CanaryFleet {
  readonly serverGroup: string;
  readonly targetGroupArn: string;
}

/** The fleets as an analysis compares them, at a share of the canary. */
export function canaryArms(fleets: CanaryFleets, weightPercent: number): readonly CanaryArm[] {
  const { running, canary, fresh } = fleets;
  const arm = (role: CanaryArm['role'], fleet: CanaryFleet, plannedWeight: number): CanaryArm => ({
    role,
    name: fleet.serverGroup,
    targetGroupArn: fleet.targetGroupArn,
    plannedWeight,
  });
  const experiment = arm('experiment', canary, weightPercent);
  if (fresh === null) {
    return [arm('control', running, weightPercentMax - weightPercent), experiment];
  }
  return [
    arm('other', running, weightPercentMax - 2 * weightPercent),
    arm('control', fresh, weightPercent),
    experiment,
  ];
}

/** The weights of a rule that give each arm its share; what else it forwards to has none and keeps none. */
export function canaryWeights(
  fleets: CanaryFleets,
  rule: ListenerRule,
  weightPercent: number,
): readonly TargetGroupWeight[] {
  const arms = canaryArms(fleets, weightPercent);
  const others = weightsOf(rule).filter(
    (one) => !arms.some((arm) => arm.targetGroupArn === one.targetGroupArn),
  );
  return [
    ...others,
    ...arms.map(({ targetGroupArn, plannedWeight }) => ({ targetGroupArn, weight: plannedWeight })),
  ];
}
