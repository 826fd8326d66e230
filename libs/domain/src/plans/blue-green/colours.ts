import type { ClusterView, ServerGroupView } from '../../groups/cluster.js';
import { GennakerError } from '../../errors.js';
import {
  ruleName,
  targetGroupName,
  weightsInWords,
  weightsOf,
} from '../../weights/listener-rule.js';
import type { BlueGreenStrategy } from '../../pipeline/pipeline.js';
import { sharePercent } from '../../weights/rule-weights.js';
import { refuseRules } from './blue-green-refusals.js';
import type { DeployFacts } from '../deploy-facts.js';
import { inServiceCount, sourceOf } from '../source-of.js';
import type { WeightFacts } from './weight-facts.js';

/** Which of a stage's two target groups serves, and who stands behind each. */
export interface Colours {
  /** ARN of the target group that the named rules send requests to. */
  readonly active: string;
  readonly idle: string;
  /** Whose settings a deploy inherits; null: the cluster has no server group. */
  readonly source: ServerGroupView | null;
  /** Enabled groups behind the active one, oldest first, the source last. Empty: nothing serves. */
  readonly serving: readonly ServerGroupView[];
  /** Enabled groups behind the idle one: they get no request, and are an earlier deploy's warm fleet. */
  readonly waiting: readonly ServerGroupView[];
  /** Where a new server group goes: the idle one, or, where nothing serves, the active one. */
  readonly takesOver: string;
}

/**
 * Those of the deploy; null where its strategy switches no weights. Throws INVALID_REQUEST where the rules of the stage
 * cannot be switched by weights.
 */
export function deployColours(
  facts: Pick<DeployFacts, 'stage' | 'cluster' | 'weights'> & { readonly serverGroup?: string },
): Colours | null {
  const { stage, cluster, weights } = facts;
  const { strategy } = stage;
  if (strategy.type !== 'blueGreen' || weights === undefined) return null;
  refuseRules({ refId: stage.refId, strategy }, weights);
  const others = cluster.serverGroups.filter((group) => group.name !== facts.serverGroup);
  return coloursOf(strategy, { ...cluster, serverGroups: others }, weights);
}

/**
 * The colours as the weights have them now: active is what gets the larger share, in every named rule. The source is the
 * newest enabled group behind it, never one by age alone. Pure. Throws INVALID_REQUEST where the rules disagree, or nobody
 * gets anything.
 */
export function coloursOf(
  strategy: BlueGreenStrategy,
  cluster: ClusterView,
  facts: WeightFacts,
): Colours {
  const active = activeTargetGroup(strategy, facts);
  const idle = strategy.targetGroupArns.find((arn) => arn !== active) ?? active;
  const present = cluster.serverGroups.filter((group) => !group.deleting);
  const behind = (arn: string) => present.filter((one) => one.targetGroupArns.includes(arn));
  const enabled = (arn: string) => behind(arn).filter((group) => group.enabled);
  const source =
    sourceOf({ ...cluster, serverGroups: behind(active) }) ??
    sourceOf({ ...cluster, serverGroups: present });
  const serves = enabled(active).some((group) => inServiceCount(group) > 0);
  return {
    active,
    idle,
    source,
    serving: enabled(active),
    waiting: enabled(idle),
    takesOver: serves ? idle : active,
  };
}

/** The target group that has the larger share in every named rule, by its ARN. Throws INVALID_REQUEST where there is none. */
export function activeTargetGroup(
  { targetGroupArns, ruleArns }: Pick<BlueGreenStrategy, 'targetGroupArns' | 'ruleArns'>,
  { rules }: WeightFacts,
): string {
  const named = rules.filter((rule) => ruleArns.includes(rule.arn));
  const winners = named.map((rule) => {
    const [first = '', second = ''] = targetGroupArns;
    const one = sharePercent(weightsOf(rule), first);
    const other = sharePercent(weightsOf(rule), second);
    if (one === other) return null;
    return one > other ? first : second;
  });
  const [active = null] = winners;
  if (active !== null && winners.every((winner) => winner === active)) return active;
  const words = named.map((rule) => `${ruleName(rule.arn)}: ${weightsInWords(weightsOf(rule))}`);
  throw new GennakerError(
    'INVALID_REQUEST',
    `Which of ${targetGroupArns.map(targetGroupName).join(' and ')} serves cannot be told from the weights ` +
      `(${words.join('; ')}): give one of them the larger weight in every rule of the stage, by hand, first.`,
    { details: { rules: words } },
  );
}
