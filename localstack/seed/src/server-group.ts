import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  type AutoScalingClient,
  type AutoScalingGroup,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  paginateDescribeLaunchTemplates,
  type EC2Client,
  type LaunchTemplate,
} from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clients } from './clients.js';
import { awaited, ensured, required } from './ensured.js';
import type { Network } from './network.js';
import { ensureScaleInPolicy } from './scaling.js';

export interface ServerGroup {
  readonly launchTemplateId: string;
  readonly serverGroupName: string;
  readonly serverGroupArn: string;
  readonly instanceIds: readonly string[];
}

interface Wanted {
  readonly network: Network;
  readonly imageId: string;
  readonly targetGroupArn: string;
  readonly instances: number;
}

type Log = (line: string) => void;

const NAME = 'web-prod-v000';
const TEMPLATE = `${NAME}-20260101000000`;
/** The largest fleet whose minimum and maximum are its size. */
const FIXED_MAX = 3;
/** Instances that the log names. */
const NAMED_MAX = 5;
const GRACE_SECONDS = 600;
const HEALTHY_TIMEOUT_SECONDS = 300;

/** A server group as Spinnaker would have made it, with all its instances healthy behind the target group. */
export async function ensureServerGroup(
  clients: Clients,
  wanted: Wanted,
  log: Log,
): Promise<ServerGroup> {
  const launchTemplateId = await ensureLaunchTemplate(clients.ec2, wanted, log);
  const serverGroupArn = await ensureGroup(
    clients.autoScaling,
    { ...wanted, launchTemplateId },
    log,
  );
  if (wanted.instances > FIXED_MAX) await ensureScaleInPolicy(clients.autoScaling, NAME, log);
  const instanceIds = await awaited(
    `${wanted.instances} healthy instances of ${NAME}`,
    HEALTHY_TIMEOUT_SECONDS,
    async () => findHealthy(clients, wanted),
  );
  const named = instanceIds.slice(0, NAMED_MAX).join(', ');
  log(`${instanceIds.length} of ${wanted.instances} instances of ${NAME} healthy: ${named}`);
  return { launchTemplateId, serverGroupName: NAME, serverGroupArn, instanceIds };
}

async function ensureLaunchTemplate(ec2: EC2Client, wanted: Wanted, log: Log): Promise<string> {
  return ensured(`launch template ${TEMPLATE}`, log, {
    find: async () => {
      const templates: LaunchTemplate[] = [];
      const filters = [{ Name: 'launch-template-name', Values: [TEMPLATE] }];
      for await (const page of paginateDescribeLaunchTemplates(
        { client: ec2 },
        { Filters: filters },
      )) {
        templates.push(...(page.LaunchTemplates ?? []));
      }
      return templates[0]?.LaunchTemplateId;
    },
    make: async () => {
      const made = await ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: TEMPLATE,
          ClientToken: `seed-${TEMPLATE}`,
          LaunchTemplateData: {
            ImageId: wanted.imageId,
            InstanceType: 't3.micro',
            SecurityGroupIds: [wanted.network.securityGroupId],
            UserData: Buffer.from('#!/bin/sh\n').toString('base64'),
          },
        }),
      );
      return required(made.LaunchTemplate?.LaunchTemplateId, 'the id of the launch template');
    },
  });
}

async function ensureGroup(
  autoScaling: AutoScalingClient,
  wanted: Wanted & { launchTemplateId: string },
  log: Log,
): Promise<string> {
  const { min, desired, max } = sizesOf(wanted.instances);
  return ensured(`server group ${NAME} (${min}/${desired}/${max})`, log, {
    find: async () => (await findGroup(autoScaling))?.AutoScalingGroupARN,
    make: async () => {
      await autoScaling.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: NAME,
          MinSize: min,
          MaxSize: max,
          DesiredCapacity: desired,
          LaunchTemplate: { LaunchTemplateId: wanted.launchTemplateId, Version: '1' },
          VPCZoneIdentifier: wanted.network.subnetIds.join(','),
          TargetGroupARNs: [wanted.targetGroupArn],
          HealthCheckType: 'ELB',
          HealthCheckGracePeriod: GRACE_SECONDS,
        }),
      );
      return required(
        (await findGroup(autoScaling))?.AutoScalingGroupARN,
        `the server group ${NAME}`,
      );
    },
  });
}

/** A small fleet is fixed; a large one has room for scaling in both directions. */
function sizesOf(instances: number) {
  if (instances <= FIXED_MAX) return { min: instances, desired: instances, max: instances };
  return { min: Math.ceil(instances / 2), desired: instances, max: Math.ceil(instances * 1.2) };
}

async function findGroup(autoScaling: AutoScalingClient): Promise<AutoScalingGroup | undefined> {
  const found = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [NAME] }),
  );
  return found.AutoScalingGroups?.[0];
}

/** The instances in service, once enough of them are healthy targets; else undefined. */
async function findHealthy(
  { autoScaling, elb }: Clients,
  { targetGroupArn, instances }: Pick<Wanted, 'targetGroupArn' | 'instances'>,
): Promise<readonly string[] | undefined> {
  const group = required(await findGroup(autoScaling), `the server group ${NAME}`);
  const wanted = group.DesiredCapacity ?? instances;
  const inService = (group.Instances ?? []).filter(
    ({ LifecycleState: state }) => state === 'InService',
  );
  if (inService.length < wanted) return undefined;
  const health = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  const healthy = new Set(
    (health.TargetHealthDescriptions ?? [])
      .filter(({ TargetHealth: target }) => target?.State === 'healthy')
      .map(({ Target: target }) => target?.Id),
  );
  const ids = inService
    .map(({ InstanceId: id }) => id)
    .filter((id) => id !== undefined && healthy.has(id));
  return ids.length < wanted ? undefined : ids.filter((id) => id !== undefined).toSorted();
}
