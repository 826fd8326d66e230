import type { AwsRegion, CallOptions } from '@gennaker/aws';
import { gateAlarms, type AlarmState, type DeployStage } from '@gennaker/domain';

/** The alarms that gate a deploy, as CloudWatch has them now; those that are not there are left out. No alarms, no call. */
export async function readGateAlarms(
  region: AwsRegion,
  stage: DeployStage,
  options: CallOptions,
): Promise<readonly AlarmState[]> {
  const seen = await region.describeAlarms({ names: gateAlarms(stage) }, options);
  return seen.map(({ name, state, stateReason }) => ({ name, state, reason: stateReason }));
}
