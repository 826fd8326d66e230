import { behaviour, World, type Scope } from '@gennaker/simulator';

/** A world on the virtual clock and one account of it, without files and without HTTP. */
export function emptyWorld(seed = 'unit'): { readonly world: World; readonly scope: Scope } {
  const world = new World({ clock: { kind: 'virtual' }, seed, dataFile: undefined, behaviour });
  const scope = world.scope('111111111111', 'eu-west-1');
  scope.tables.vpcs.put('vpc-1', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/16' });
  for (const [index, zone] of scope.zones().entries()) {
    const subnetId = `subnet-${index}`;
    scope.tables.subnets.put(subnetId, {
      subnetId,
      vpcId: 'vpc-1',
      cidrBlock: `10.0.${index}.0/24`,
      zone,
    });
  }
  scope.tables.images.put('ami-1', {
    imageId: 'ami-1',
    name: 'web',
    request: { Name: 'web' },
    createdAt: 0,
    state: 'available',
    faulty: false,
  });
  return { world, scope };
}

export const machine = {
  imageId: 'ami-1',
  instanceType: 't3.micro',
  subnetId: 'subnet-0',
  securityGroupIds: [],
  tags: {},
};

const TARGET_GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/1';

/** A target group with checks every 5 s and thresholds of 2, forwarded to by a listener when asked for. */
export function addTargetGroup(
  scope: Scope,
  options: { readonly inUse: boolean; readonly drainSeconds?: number },
) {
  const group = {
    arn: TARGET_GROUP,
    name: 'web',
    protocol: 'HTTP',
    port: 80,
    vpcId: 'vpc-1',
    targetType: 'instance',
    healthCheck: {
      protocol: 'HTTP',
      port: 'traffic-port',
      path: '/',
      intervalSeconds: 5,
      timeoutSeconds: 2,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
      matcher: '200',
    },
    attributes: { 'deregistration_delay.timeout_seconds': String(options.drainSeconds ?? 20) },
    request: { Name: 'web' },
  };
  scope.tables.targetGroups.put(group.arn, group);
  if (options.inUse) {
    scope.tables.listeners.put('listener', {
      arn: 'listener',
      loadBalancerArn: 'load-balancer',
      port: 80,
      protocol: 'HTTP',
      actions: [{ Type: 'forward', TargetGroupArn: group.arn }],
    });
  }
  return group;
}
