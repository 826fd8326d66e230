import { instanceHealth, type InstanceView, type ServerGroupView } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { InstanceDetails, ServerGroupReadOptions, TargetHealthEntry } from '../aws-reads.js';
import type { CallOptions } from '../call-options.js';
import { describeInstances } from '../server-groups/read-instances.js';
import { readLaunchImage } from '../launch/read-launch-image.js';
import { describeTargetHealth } from '../load-balancing/read-target-health.js';
import type { LaunchSource, ServerGroupDetails } from '../server-groups/server-group-settings.js';

/** EC2's and the target groups' word on instances: by instance id, and by target group ARN. */
export interface HealthFacts {
  readonly instances: ReadonlyMap<string, InstanceDetails>;
  readonly targets: ReadonlyMap<string, readonly TargetHealthEntry[]>;
}

/** The groups with what `options` asks for; every target group and template is read once, however many groups share it. */
export async function completeServerGroups(
  caller: AwsCaller,
  groups: readonly ServerGroupDetails[],
  options: ServerGroupReadOptions,
): Promise<readonly ServerGroupDetails[]> {
  const [facts, images] = await Promise.all([
    options.withHealth === true ? readHealthFacts(caller, groups, options) : null,
    options.withImage === true ? readImages(caller, groups, options) : null,
  ]);
  return groups.map((group) => {
    const view = facts === null ? group.view : withHealthFacts(group.view, factsOf(group, facts));
    const imageId = images?.get(launchKey(group.settings.launch)) ?? null;
    return { ...group, view: { ...view, imageId } };
  });
}

/**
 * The view with each instance's health from the facts, by every target group in them; an instance that EC2 does not show
 * is left to the others' word.
 */
export function withHealthFacts(view: ServerGroupView, facts: HealthFacts): ServerGroupView {
  const entries = [...facts.targets.values()].flat();
  const instances = view.instances.map((instance): InstanceView => {
    const targetHealth = entries
      .filter(({ instanceId }) => instanceId === instance.instanceId)
      .map(({ targetGroupArn, state, reason }) => ({
        targetGroupArn,
        state,
        ...(reason !== undefined && { reason }),
      }));
    const health = instanceHealth({
      ec2State: facts.instances.get(instance.instanceId)?.state ?? null,
      targetStates: targetHealth.map(({ state }) => state),
      lifecycleState: instance.lifecycleState,
    });
    return { ...instance, targetHealth, health };
  });
  return { ...view, instances };
}

function factsOf({ view }: ServerGroupDetails, facts: HealthFacts): HealthFacts {
  const targets = view.targetGroupArns.map((arn) => [arn, facts.targets.get(arn) ?? []] as const);
  return { instances: facts.instances, targets: new Map(targets) };
}

async function readHealthFacts(
  caller: AwsCaller,
  groups: readonly ServerGroupDetails[],
  options: CallOptions,
): Promise<HealthFacts> {
  const ids = groups.flatMap(({ view }) => view.instances.map(({ instanceId }) => instanceId));
  const arns = [...new Set(groups.flatMap(({ view }) => view.targetGroupArns))];
  const [instances, targets] = await Promise.all([
    describeInstances(caller, ids, options),
    Promise.all(
      arns.map(
        async (targetGroupArn) =>
          [
            targetGroupArn,
            await describeTargetHealth(caller, { targetGroupArn }, options),
          ] as const,
      ),
    ),
  ]);
  return {
    instances: new Map(instances.map((instance) => [instance.instanceId, instance])),
    targets: new Map(targets),
  };
}

async function readImages(
  caller: AwsCaller,
  groups: readonly ServerGroupDetails[],
  options: CallOptions,
): Promise<ReadonlyMap<string, string | null>> {
  const sources = new Map(
    groups.map(({ settings }) => [launchKey(settings.launch), settings.launch]),
  );
  const images = await Promise.all(
    [...sources].map(
      async ([key, source]) => [key, await readLaunchImage(caller, source, options)] as const,
    ),
  );
  return new Map(images);
}

function launchKey(source: LaunchSource): string {
  switch (source.kind) {
    case 'launchTemplate':
    case 'mixedInstancesPolicy':
      return `${source.launchTemplateId}:${source.version}`;
    case 'launchConfiguration':
      return source.launchConfigurationName;
    case 'none':
      return '';
  }
}
