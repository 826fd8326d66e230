import {
  DeregisterTargetsCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { chunksOf } from '../calling/pages.js';

/** Targets of one RegisterTargets or DeregisterTargets (clouddriver-aws 7.5). */
const targetsPerCall = 100;

/** Instances of one target group to register or deregister. */
export interface TargetChange {
  readonly targetGroupArn: string;
  readonly instanceIds: readonly string[];
}

/** See AwsWrites. One chunk after the other, so that a failure leaves a known beginning done. */
export async function registerTargets(
  caller: AwsCaller,
  change: TargetChange,
  options: CallOptions,
): Promise<void> {
  for (const ids of chunksOf(change.instanceIds, targetsPerCall)) {
    const command = new RegisterTargetsCommand(targetsQuery(change.targetGroupArn, ids));
    await caller.elb(command, { ...options, resource: change.targetGroupArn });
  }
}

/** See AwsWrites. */
export async function deregisterTargets(
  caller: AwsCaller,
  change: TargetChange,
  options: CallOptions,
): Promise<void> {
  for (const ids of chunksOf(change.instanceIds, targetsPerCall)) {
    const command = new DeregisterTargetsCommand(targetsQuery(change.targetGroupArn, ids));
    await caller.elb(command, { ...options, resource: change.targetGroupArn });
  }
}

function targetsQuery(TargetGroupArn: string, ids: readonly string[]) {
  return { TargetGroupArn, Targets: ids.map((Id) => ({ Id })) };
}
