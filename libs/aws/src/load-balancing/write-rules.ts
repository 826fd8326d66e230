import {
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { isListenerArn, type TargetGroupWeight } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import type { RuleDetails } from './rule-calls.js';
import { openRuleActions } from './sealed-rule-actions.js';

/** See AwsWrites. What a request does not name (conditions, transforms, certificates) AWS leaves as it is. */
export async function writeWeights(
  caller: AwsCaller,
  change: { readonly found: RuleDetails; readonly weights: readonly TargetGroupWeight[] },
  options: CallOptions,
): Promise<void> {
  const { arn } = change.found.rule;
  const actions = openRuleActions(change.found.actions).map((action) =>
    action.Type === 'forward' ? reweighted(action, change.weights) : repeated(action),
  );
  const sendOptions = { ...options, resource: arn };
  await (isListenerArn(arn)
    ? caller.elb(
        new ModifyListenerCommand({ ListenerArn: arn, DefaultActions: actions }),
        sendOptions,
      )
    : caller.elb(new ModifyRuleCommand({ RuleArn: arn, Actions: actions }), sendOptions));
}

/** `TargetGroupArn` beside the list is only allowed while it names the same single group, so the list alone is sent. */
function reweighted(action: Action, weights: readonly TargetGroupWeight[]): Action {
  const { TargetGroupArn: _single, ...rest } = action;
  return {
    ...rest,
    ForwardConfig: {
      ...action.ForwardConfig,
      TargetGroups: weights.map(({ targetGroupArn, weight }) => ({
        TargetGroupArn: targetGroupArn,
        Weight: weight,
      })),
    },
  };
}

/** AWS never shows the client secret of a rule and keeps it when it is told so. */
function repeated(action: Action): Action {
  if (action.AuthenticateOidcConfig === undefined) return action;
  const { ClientSecret: _secret, ...config } = action.AuthenticateOidcConfig;
  return { ...action, AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } };
}
