import {
  Action$,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GennakerError, isListenerArn, type ListenerRule } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { visibilitySeconds } from '../calling/fault-table.js';
import type { ListenerDetails, LoadBalancerDetails, RuleDetails } from './rule-calls.js';
import { collectPages, readChunks } from '../calling/pages.js';
import { requiredField } from '../calling/required-field.js';
import { listenerArnOf, ruleView } from './rule-mapping.js';
import { sealRuleActions } from './sealed-rule-actions.js';
import { listOf, unknownFields } from './unknown-fields.js';

/** Load balancers named in one DescribeLoadBalancers. */
const loadBalancersPerDescribe = 20;

/** See AwsReads. Reads the reply's text besides, to find fields that the SDK would drop. */
export async function describeRule(
  caller: AwsCaller,
  arn: string,
  options: CallOptions,
): Promise<RuleDetails> {
  let text = '';
  const onBody = (body: string): void => void (text = body);
  const sendOptions = { ...options, resource: arn, onBody };
  const listenerArn = isListenerArn(arn) ? arn : listenerArnOf(arn);
  const rule = isListenerArn(arn)
    ? await defaultRule(caller, arn, sendOptions)
    : await namedRule(caller, arn, sendOptions);
  if (rule === undefined) throw notThere(arn);
  const list = isListenerArn(arn) ? 'DefaultActions' : 'Actions';
  return {
    rule: ruleView(rule, listenerArn, unknownFields(text, list, listOf(Action$))),
    actions: sealRuleActions(rule.Actions ?? []),
  };
}

/** See AwsReads. */
export async function describeListenerRules(
  caller: AwsCaller,
  listenerArn: string,
  options: CallOptions,
): Promise<readonly ListenerRule[]> {
  const rules = await collectPages(`rules of ${listenerArn}`, async (token) => {
    const command = new DescribeRulesCommand({ ListenerArn: listenerArn, Marker: token });
    const reply = await caller.elb(command, { ...options, resource: listenerArn });
    return { items: reply.Rules ?? [], next: reply.NextMarker };
  });
  return rules.map((rule) => ruleView(rule, listenerArn));
}

/** See AwsReads. */
export async function describeListeners(
  caller: AwsCaller,
  loadBalancerArn: string,
  options: CallOptions,
): Promise<readonly ListenerDetails[]> {
  const listeners = await collectPages(`listeners of ${loadBalancerArn}`, async (token) => {
    const command = new DescribeListenersCommand({
      LoadBalancerArn: loadBalancerArn,
      Marker: token,
    });
    const reply = await caller.elb(command, { ...options, resource: loadBalancerArn });
    return { items: reply.Listeners ?? [], next: reply.NextMarker };
  });
  return listeners.map(listenerView);
}

/** See AwsReads. */
export async function describeLoadBalancers(
  caller: AwsCaller,
  arns: readonly string[],
  options: CallOptions,
): Promise<readonly LoadBalancerDetails[]> {
  const balancers = await readChunks(arns, loadBalancersPerDescribe, (chunk) =>
    collectPages('load balancers', async (token) => {
      const command = new DescribeLoadBalancersCommand({
        LoadBalancerArns: [...chunk],
        Marker: token,
      });
      const reply = await caller.elb(command, { ...options, resource: chunk.join(', ') });
      return { items: reply.LoadBalancers ?? [], next: reply.NextMarker };
    }),
  );
  return balancers.map((balancer) => ({
    loadBalancerArn: requiredField(balancer.LoadBalancerArn, 'LoadBalancerArn'),
    name: requiredField(balancer.LoadBalancerName, 'LoadBalancerName'),
    type: requiredField(balancer.Type, 'Type'),
    dnsName: balancer.DNSName ?? null,
  }));
}

interface OneRule extends CallOptions {
  readonly resource: string;
  readonly onBody: (body: string) => void;
}

async function namedRule(
  caller: AwsCaller,
  arn: string,
  options: OneRule,
): Promise<Rule | undefined> {
  const reply = await caller.elb(new DescribeRulesCommand({ RuleArns: [arn] }), options);
  const rule = reply.Rules?.[0];
  if (rule?.IsDefault !== true) return rule;
  throw new GennakerError(
    'INVALID_REQUEST',
    `${arn} is the default action of a listener: name it by the listener's ARN, ${listenerArnOf(arn)}.`,
    { details: { ruleArn: arn } },
  );
}

/** The default action of a listener as a rule: it has no conditions, and comes last. */
async function defaultRule(
  caller: AwsCaller,
  listenerArn: string,
  options: OneRule,
): Promise<Rule | undefined> {
  const command = new DescribeListenersCommand({ ListenerArns: [listenerArn] });
  const listener = (await caller.elb(command, options)).Listeners?.[0];
  return listener && { IsDefault: true, Actions: listener.DefaultActions };
}

function listenerView(listener: Listener): ListenerDetails {
  return {
    listenerArn: requiredField(listener.ListenerArn, 'ListenerArn'),
    loadBalancerArn: requiredField(listener.LoadBalancerArn, 'LoadBalancerArn'),
    port: listener.Port ?? null,
    protocol: listener.Protocol ?? null,
  };
}

function notThere(arn: string): GennakerError {
  return new GennakerError('AWS_NOT_FOUND', `There is no listener or rule ${arn}.`, {
    details: { resource: arn, retryForSeconds: visibilitySeconds },
  });
}
