import type { Aws, AwsRegion, CallPriority, RuleDetails } from '@gennaker/aws';
import type { OperationContext } from '@gennaker/contract/wire';
import { GennakerError, ruleName, type ListenerRule, type RuleRef } from '@gennaker/domain';
import { reading } from '../call-options.js';
import { currentLease } from '../lease/lease-interceptor.js';
import { unexpectedLooksMin, vanishedLooksMin } from './look.js';
import { pause } from './pause.js';

/** Pauses between looks at one rule, in milliseconds: a look may be a few seconds old, seldom more. */
const lookPausesMs = [250, 500, 1_000, 2_000, 3_000] as const;

/** One listener rule, or default action, that an activity works on. */
export interface ObservedRule {
  readonly region: AwsRegion;
  readonly arn: string;
  readonly priority: CallPriority;
}

/** The rule in its account and region. */
export function observedRule(
  aws: Aws,
  rule: RuleRef,
  priority: OperationContext['priority'],
): ObservedRule {
  return { region: aws.region(rule.account, rule.region), arn: rule.arn, priority };
}

/**
 * Looks until the rule is as expected; after so many looks that do not show it so, the last of them. Throws
 * SUBJECT_VANISHED once the rule stays away.
 */
export async function lookAtRule(
  observed: ObservedRule,
  isExpected: (seen: ListenerRule) => boolean = () => true,
  looksMax: number = unexpectedLooksMin,
): Promise<RuleDetails> {
  let vanished = 0;
  for (let looks = 1; ; looks += 1) {
    const seen = await findRule(observed);
    vanished = seen === undefined ? vanished + 1 : 0;
    if (vanished >= vanishedLooksMin) throw ruleVanished(observed);
    if (seen !== undefined && (isExpected(seen.rule) || looks >= looksMax)) return seen;
    const pauseMs = lookPausesMs[Math.min(looks, lookPausesMs.length) - 1] ?? 0;
    await pause(pauseMs, currentLease().signal);
  }
}

async function findRule({ region, arn, priority }: ObservedRule): Promise<RuleDetails | undefined> {
  try {
    return await region.describeRule(arn, reading(priority));
  } catch (error) {
    if (error instanceof GennakerError && error.code === 'AWS_NOT_FOUND') return undefined;
    throw error;
  }
}

function ruleVanished({ region, arn }: ObservedRule): GennakerError {
  return new GennakerError(
    'SUBJECT_VANISHED',
    `The ${ruleName(arn)} in ${region.account} ${region.region} is not there any more: someone else removed it.`,
    { details: { ruleArn: arn, account: region.account, region: region.region } },
  );
}
