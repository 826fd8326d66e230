import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateListenerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';

import type { ServerGroupView } from '@gennaker/domain';
import { awaitSoon } from './await-soon.js';
import type { Gennaker } from './gennaker.js';
import type { RedBlackPipeline } from './story.js';

/** A cluster of application `web` whose one server group serves behind a target group of its own. */
export interface ExtraCluster {
  readonly stack: string;
  readonly cluster: string;
  readonly targetGroupArn: string;
}

/** How many, how large, and the number of the first. */
export interface ClustersWanted {
  readonly count: number;
  readonly instances: number;
  readonly from?: number;
}

/** Each gets a listener of its own: a target group that no listener forwards to has no health. */
const firstPort = 8_001;

/**
 * Makes clusters `web-c0`, `web-c1`, … beside the seeded one, each with server group `v000` of `instances` instances made
 * by hand, through the SDK alone. Resolves once each has all its instances healthy.
 */
export async function addClusters(
  gennaker: Gennaker,
  { count, instances, from = 0 }: ClustersWanted,
): Promise<readonly ExtraCluster[]> {
  const settings = {
    endpoint: gennaker.aws.url,
    region: gennaker.seeded.region,
    credentials: { accessKeyId: gennaker.seeded.accountId, secretAccessKey: 'stand-in' },
  };
  const clients = {
    autoScaling: new AutoScalingClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
  };
  try {
    const indexes = Array.from({ length: count }, (_, index) => from + index);
    const making = indexes.map((index) => addCluster(clients, gennaker, { index, instances }));
    const made = await Promise.all(making);
    for (const extra of made) {
      const whole = `${extra.cluster}-v000 ${instances}/${instances}`;
      await awaitSoon(whole, async () => (await servingIn(gennaker, extra))[0] === whole);
    }
    return made;
  } finally {
    clients.autoScaling.destroy();
    clients.elb.destroy();
  }
}

/** Deploys the image to the cluster: that of a stage before it, or the one given. */
export function deployTo(
  { stack }: ExtraCluster,
  options: {
    readonly imageId?: string;
    readonly strategy?: Readonly<Record<string, unknown>>;
  } = {},
): RedBlackPipeline {
  const { imageId, strategy = { type: 'redBlack' } } = options;
  const place = { account: 'demo', region: 'eu-west-1' };
  const find = { refId: 'find', type: 'findImage', name: 'Find', ...place, imageName: 'web-1.1.0' };
  const deploy = {
    refId: 'deploy',
    type: 'deploy',
    name: 'Deploy',
    requisiteStageRefIds: imageId === undefined ? ['find'] : [],
    ...place,
    stack,
    image: imageId === undefined ? { fromStage: 'find' } : { imageId },
    strategy,
    timeoutSeconds: 600,
  };
  const pipeline = { schemaVersion: 1, application: 'web', name: `deploy-${stack}` };
  return { ...pipeline, stages: imageId === undefined ? [find, deploy] : [deploy] };
}

/** How many instances of each enabled server group of the cluster are healthy, as `name healthy/desired`. */
export async function servingIn(gennaker: Gennaker, { cluster }: ExtraCluster): Promise<string[]> {
  const { body } = await gennaker.api.get<{ readonly serverGroups: readonly ServerGroupView[] }>(
    `/v1/applications/web/clusters/demo/eu-west-1/${cluster}`,
  );
  return body.serverGroups
    .filter((group) => group.enabled && !group.deleting)
    .map((group) => {
      const up = group.instances.filter(({ health }) => health === 'Up').length;
      return `${group.name} ${up}/${group.capacity.desired}`;
    });
}

interface Clients {
  readonly autoScaling: AutoScalingClient;
  readonly elb: ElasticLoadBalancingV2Client;
}

async function addCluster(
  { autoScaling, elb }: Clients,
  gennaker: Gennaker,
  { index, instances }: { readonly index: number; readonly instances: number },
): Promise<ExtraCluster> {
  const { seeded } = gennaker;
  const cluster = `web-c${index}`;
  const made = await elb.send(
    new CreateTargetGroupCommand({
      Name: cluster,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: seeded.vpcId,
      TargetType: 'instance',
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const targetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn ?? '';
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: seeded.loadBalancerArn,
      Port: firstPort + index,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  );
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: `${cluster}-v000`,
      MinSize: instances,
      MaxSize: instances,
      DesiredCapacity: instances,
      LaunchTemplate: { LaunchTemplateId: seeded.launchTemplateId, Version: '1' },
      VPCZoneIdentifier: seeded.subnetIds.join(','),
      TargetGroupARNs: [targetGroupArn],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 600,
    }),
  );
  return { stack: `c${index}`, cluster, targetGroupArn };
}
