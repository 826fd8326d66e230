import type { ServerGroupView } from '../../groups/cluster.js';
import { ruleName, targetGroupName } from '../../weights/listener-rule.js';
import type { BlueGreenStrategy } from '../../pipeline/pipeline.js';
import { ruleWeightsInWords } from './blue-green-refusals.js';
import {
  stickySecondsLeft,
  stickySecondsOf,
  warmSecondsOf,
  type BlueGreenFacts,
} from './blue-green-facts.js';
import { healthAliasWarnings } from '../health-aliases.js';

/** Things a person should know before requests are switched by weights; none of them refuses it. */
export function blueGreenWarnings(
  facts: BlueGreenFacts,
  strategy: BlueGreenStrategy,
): readonly string[] {
  const { colours, target } = facts;
  if (colours.takesOver === colours.active) {
    return [
      `Nothing serves behind ${targetGroupName(colours.active)}, which has the weight: ${target.serverGroup} goes there, ` +
        'and no weight is changed.',
    ];
  }
  return [
    ...acceptedWarnings(facts, strategy),
    ...warmWarnings(facts),
    ...stickyWarnings(facts, strategy),
    ...drainWarnings(facts, strategy),
    ...emptyWarnings(facts, strategy),
    ...besideWarnings(facts, strategy),
  ];
}

function acceptedWarnings(
  { weights }: BlueGreenFacts,
  { acceptWeights = [], targetGroupArns }: BlueGreenStrategy,
): readonly string[] {
  return weights.rules
    .map((rule) => ({ rule, words: ruleWeightsInWords(rule, targetGroupArns) }))
    .filter(({ words }) => acceptWeights.includes(words))
    .map(
      ({ rule, words }) =>
        `The ${ruleName(rule.arn)} has the weights "${words}", which the stage accepts: they are written over, and an undo ` +
        'gives the idle target group none of them back.',
    );
}

function warmWarnings({ colours, weights }: BlueGreenFacts): readonly string[] {
  return colours.waiting.map(({ name }) => {
    const warm = weights.warm[name];
    if (warm === undefined) {
      return `${name} is in service behind ${targetGroupName(colours.idle)} without requests, and is disabled first.`;
    }
    return Date.parse(warm.until) > Date.parse(weights.readAt)
      ? `This ends the warm time of ${name}, which was to be kept until ${warm.until}: afterwards the way back to it takes ` +
          'an enable, and not only weights.'
      : `The warm time of ${name} was over at ${warm.until}: it is disabled first.`;
  });
}

function stickyWarnings(facts: BlueGreenFacts, strategy: BlueGreenStrategy): readonly string[] {
  const { weights, colours } = facts;
  const seconds = stickySecondsOf(weights);
  if (seconds === 0) return [];
  const left = stickySecondsLeft(facts);
  const warmSeconds = warmSecondsOf(strategy);
  return [
    `Clients stay with their target group for up to ${seconds} s whatever the weights say (stickiness): a share holds for new ` +
      'ones only, and after the switch the old fleet still answers those that it has.',
    warmSeconds > 0 &&
      warmSeconds < seconds &&
      `The old fleet is kept warm for ${warmSeconds} s, and clients stick to it for ${seconds} s: taken out sooner it would ` +
        'leave them without an answer.',
    left > 0 &&
      colours.waiting.length > 0 &&
      `Clients may still stick to ${namesOf(colours.waiting)} for ${left} s: it is waited for that first.`,
  ].filter((warning) => typeof warning === 'string');
}

function drainWarnings(
  { colours, weights }: BlueGreenFacts,
  strategy: BlueGreenStrategy,
): readonly string[] {
  const leaves = [
    ...(colours.waiting.length > 0 ? [colours.idle] : []),
    ...(warmSecondsOf(strategy) === 0 ? [colours.active] : []),
  ];
  return weights.targetGroups
    .filter(({ arn }) => leaves.includes(arn))
    .map(
      ({ arn, deregistrationDelaySeconds: seconds }) =>
        `Requests under way at ${targetGroupName(arn)} have ${seconds} s to end when its instances leave it ` +
        '(deregistration delay).',
    );
}

function emptyWarnings(
  { colours, weights }: BlueGreenFacts,
  strategy: BlueGreenStrategy,
): readonly string[] {
  const empty = [
    ...(colours.waiting.some(hasInstances) ? [] : [`${targetGroupName(colours.idle)} is empty`]),
    ...(warmSecondsOf(strategy) === 0 ? [`${targetGroupName(colours.active)} becomes empty`] : []),
  ];
  const loadBalancers = weights.loadBalancers.map(({ dnsName, name }) => dnsName ?? name);
  return healthAliasWarnings({ empty, loadBalancers, aliases: weights.aliases });
}

function besideWarnings(
  { enabled, colours }: BlueGreenFacts,
  strategy: BlueGreenStrategy,
): readonly string[] {
  const beside = enabled.filter(
    (group) => !colours.serving.includes(group) && !colours.waiting.includes(group),
  );
  const warmSeconds = warmSecondsOf(strategy);
  return [
    beside.length > 0 &&
      `Enabled behind neither target group, and left as it is: ${namesOf(beside)}.`,
    warmSeconds > 0 &&
      `${namesOf(colours.serving)} stays in service for ${warmSeconds} s without requests, as large as it is: nothing ends ` +
        'that but the next deploy, or a stage that disables or destroys it.',
  ].filter((warning) => typeof warning === 'string');
}

function hasInstances({ instances }: ServerGroupView): boolean {
  return instances.length > 0;
}

function namesOf(groups: readonly ServerGroupView[]): string {
  return groups.map((group) => group.name).join(', ');
}
