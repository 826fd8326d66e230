import {
  withWeights,
  type BlueGreenStrategy,
  type DeployFacts,
  type ListenerRule,
  type ServerGroupView,
  type TargetGroupWeight,
  type WeightFacts,
} from '@gennaker/domain';
import { cluster, facts, group, settings, stage } from '../plan-builder.js';
import { blue, green, rule, ruleArn } from '../../weights/rules.js';

const strategy: BlueGreenStrategy = {
  type: 'blueGreen',
  targetGroupArns: [blue, green],
  ruleArns: [ruleArn],
};

/** Two weights, blue's first. */
export function weights(ofBlue: number, ofGreen: number): readonly TargetGroupWeight[] {
  return [
    { targetGroupArn: blue, weight: ofBlue },
    { targetGroupArn: green, weight: ofGreen },
  ];
}

/** The rule for /api at such weights. */
export function ruleAt(ofBlue: number, ofGreen: number): ListenerRule {
  return withWeights(rule(), weights(ofBlue, ofGreen));
}

/** One rule with blue at 100, nothing recorded. */
export function weightFacts(changes: Partial<WeightFacts> = {}): WeightFacts {
  return {
    readAt: '2026-01-02T00:00:00.000Z',
    targetGroups: [
      { arn: blue, deregistrationDelaySeconds: 30 },
      { arn: green, deregistrationDelaySeconds: 60 },
    ],
    loadBalancers: [{ name: 'web-prod', type: 'application', dnsName: 'web-prod.example' }],
    rules: [ruleAt(100, 0)],
    recorded: null,
    warm: {},
    ...changes,
  };
}

/** A server group of web-prod behind blue. */
export function blueGroup(name: string, changes: Partial<ServerGroupView> = {}): ServerGroupView {
  return group(name, { targetGroupArns: [blue], ...changes });
}

/** The same behind green. */
export function greenGroup(name: string, changes: Partial<ServerGroupView> = {}): ServerGroupView {
  return group(name, { targetGroupArns: [green], ...changes });
}

/** A deploy of v001 while v000 serves behind blue. */
export function blueGreenFacts(
  changes: {
    readonly strategy?: Partial<BlueGreenStrategy>;
    readonly stage?: Partial<typeof stage>;
    readonly weights?: Partial<WeightFacts>;
    readonly serverGroups?: readonly ServerGroupView[];
    readonly facts?: Partial<DeployFacts>;
  } = {},
): DeployFacts {
  const serverGroups = changes.serverGroups ?? [blueGroup('web-prod-v000')];
  return facts({
    stage: { ...stage, strategy: { ...strategy, ...changes.strategy }, ...changes.stage },
    cluster: cluster(...serverGroups),
    source: { ...settings, targetGroupArns: [blue] },
    weights: weightFacts(changes.weights),
    ...changes.facts,
  });
}
