import {
  DescribePoliciesCommand,
  PutScalingPolicyCommand,
  type AutoScalingClient,
} from '@aws-sdk/client-auto-scaling';
import { ensured, required } from './ensured.js';

/** What halves a large fleet, as an alarm on idle instances would have it. */
const SCALE_IN_POLICY = 'halve-when-idle';
const COOLDOWN_SECONDS = 60;

/** A simple scaling policy that takes half of the server group away. */
export async function ensureScaleInPolicy(
  autoScaling: AutoScalingClient,
  serverGroup: string,
  log: (line: string) => void,
): Promise<void> {
  const group = { AutoScalingGroupName: serverGroup };
  await ensured(`scaling policy ${SCALE_IN_POLICY} of ${serverGroup}`, log, {
    find: async () => {
      const query = { ...group, PolicyNames: [SCALE_IN_POLICY] };
      const { ScalingPolicies: found } = await autoScaling.send(new DescribePoliciesCommand(query));
      return found?.[0]?.PolicyARN;
    },
    make: async () => {
      const { PolicyARN: arn } = await autoScaling.send(
        new PutScalingPolicyCommand({
          ...group,
          PolicyName: SCALE_IN_POLICY,
          AdjustmentType: 'PercentChangeInCapacity',
          ScalingAdjustment: -50,
          Cooldown: COOLDOWN_SECONDS,
        }),
      );
      return required(arn, `the ARN of scaling policy ${SCALE_IN_POLICY}`);
    },
  });
}
