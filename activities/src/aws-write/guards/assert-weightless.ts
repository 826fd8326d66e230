import type { AwsRegion } from '@gennaker/aws';
import type { OperationContext } from '@gennaker/contract/wire';
import { GennakerError, ruleName, rulesSendingTo, targetGroupName } from '@gennaker/domain';
import { reading } from '../../call-options.js';
import { currentLease } from '../../lease/lease-interceptor.js';
import { readForwarding } from '../../observe/forwarding-rules.js';
import { unexpectedLooksMin } from '../../observe/look.js';
import { pause } from '../../observe/pause.js';

/** Between two looks: the write of the weights may not be visible yet. */
const lookAgainMs = 1_000;

/**
 * Returns once a fresh look shows that no rule sends requests to the target groups. Throws TRAFFIC_GUARD naming those
 * that do: emptying the group would lose them. Target groups that are gone get none.
 */
export async function assertWeightless(
  region: AwsRegion,
  targetGroupArns: readonly string[],
  priority: OperationContext['priority'],
): Promise<void> {
  if (targetGroupArns.length === 0) return;
  for (let looks = 1; ; looks += 1) {
    const sending = await rulesStillSending(region, targetGroupArns, priority);
    if (sending.length === 0) return;
    if (looks >= unexpectedLooksMin) throw stillSending(targetGroupArns, sending);
    await pause(lookAgainMs, currentLease().signal);
  }
}

async function rulesStillSending(
  region: AwsRegion,
  arns: readonly string[],
  priority: OperationContext['priority'],
): Promise<readonly string[]> {
  try {
    const { rules } = await readForwarding(region, { arns }, reading(priority));
    return rulesSendingTo(rules, arns);
  } catch (error) {
    if (error instanceof GennakerError && error.code === 'AWS_NOT_FOUND') return [];
    throw error;
  }
}

function stillSending(arns: readonly string[], rules: readonly string[]): GennakerError {
  return new GennakerError(
    'TRAFFIC_GUARD',
    `${arns.map(targetGroupName).join(', ')} was not emptied, since ${rules.map(ruleName).join(', ')} ` +
      'sends requests there. Nothing was changed. Set its weight to 0 first.',
    { details: { targetGroupArns: [...arns], ruleArns: [...rules] } },
  );
}
