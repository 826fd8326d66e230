import type {
  DeregisterTargetsInput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  TargetHealth,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { TARGETS_PER_LOAD_BALANCER, TARGETS_PER_TARGET_GROUP } from '../servicequotas/catalogue.js';
import { quotaValue } from '../servicequotas/quotas.js';
import { AwsError, validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { requireRoom } from './quotas.js';
import type { TargetGroupRecord, TargetRecord } from './records.js';
import { getTargetGroup } from './target-groups.js';
import { deregisterTarget, loadBalancersOf, registerTarget, targetKey } from './target-health.js';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'Target.FailedHealthChecks': 'Health checks failed',
  'Target.ResponseCodeMismatch': 'Health checks failed with these codes: [500]',
  'Target.Timeout': 'Request timed out',
  'Target.HealthCheckDisabled': 'Health checks are not enabled for this target',
  'Elb.InitialHealthChecking': 'Initial health checks in progress',
  'Target.NotInUse': 'Target group is not configured to receive traffic from the load balancer',
  'Target.InvalidState': 'Target is in the stopped or terminated state',
  'Target.DeregistrationInProgress': 'Target deregistration is in progress',
  'Target.NotRegistered': 'Target is not registered to the target group',
  'Elb.RegistrationInProgress': 'Target registration is in progress',
};

export const targetHandlers: Handlers = {
  RegisterTargets: ({ scope }: Call, input: RegisterTargetsInput) => {
    const group = getTargetGroup(scope, input.TargetGroupArn);
    const targets = (input.Targets ?? []).map(({ Id: id = '', Port: port }) => ({
      instanceId: id,
      port,
    }));
    checkTargets(scope, group, targets);
    for (const target of targets) registerTarget(scope, group, target);
    return {};
  },
  DeregisterTargets: ({ scope }: Call, input: DeregisterTargetsInput) => {
    const group = getTargetGroup(scope, input.TargetGroupArn);
    for (const { Id: id, Port: port } of input.Targets ?? []) {
      // Without a port every registration of the instance goes, whatever its port.
      const registered = scope.tables.targets
        .where('targetGroup', group.arn)
        .filter(
          (target) => target.instanceId === id && (port === undefined || target.port === port),
        );
      for (const target of registered) deregisterTarget(scope, targetKey(target));
    }
    return {};
  },
  DescribeTargetHealth: (
    { scope, reading }: Call,
    input: DescribeTargetHealthInput,
  ): DescribeTargetHealthOutput => {
    const group = getTargetGroup(scope, input.TargetGroupArn);
    const seen = scope.tables.targets.allAsOf(reading.asOf, {
      name: 'targetGroup',
      value: group.arn,
    });
    const rows = input.Targets === undefined ? seen : namedTargets(group, seen, input.Targets);
    return {
      TargetHealthDescriptions: reading
        .all(rows, targetKey)
        .map((target) => healthView(scope, group, target)),
    };
  },
};

/** Refuses the whole call when one of the targets cannot be registered, or there is no room for all. */
function checkTargets(
  scope: Scope,
  group: TargetGroupRecord,
  targets: readonly { readonly instanceId: string; readonly port: number | undefined }[],
): void {
  const ids = targets.map(({ instanceId }) => instanceId);
  const registered = scope.tables.targets.where('targetGroup', group.arn);
  const wrongPort = targets.find(({ port = 1 }) => !(port >= 1 && port <= 65_535));
  if (wrongPort !== undefined)
    throw validationError(`Port '${wrongPort.port}' must be between '1' and '65535'`);
  if (group.targetType === 'lambda') {
    const wrong = ids.find((id) => !/^arn:aws[\w-]*:lambda:/.test(id));
    if (wrong !== undefined)
      throw new AwsError('InvalidTarget', `The following targets are not functions: '${wrong}'`);
    const others = new Set([...registered.map(({ instanceId }) => instanceId), ...ids]);
    requireRoom('TooManyTargets', { there: 0, added: others.size, max: 1 });
    return;
  }
  requireRunning(scope, ids);
  const known = new Set(registered.map(targetKey));
  const fresh = targets.filter(
    ({ instanceId, port = group.port }) =>
      !known.has(targetKey({ targetGroupArn: group.arn, instanceId, port })),
  );
  requireRoom('TooManyTargets', {
    there: registered.length,
    added: fresh.length,
    max: quotaValue(scope, TARGETS_PER_TARGET_GROUP),
  });
  for (const loadBalancerArn of loadBalancersOf(scope, group.arn)) {
    requireRoom('TooManyTargets', {
      there: targetsBehind(scope, loadBalancerArn),
      added: fresh.length,
      max: quotaValue(scope, TARGETS_PER_LOAD_BALANCER),
    });
  }
}

/** The targets of all target groups that a load balancer sends requests to. */
function targetsBehind(scope: Scope, loadBalancerArn: string): number {
  return scope.tables.targetGroups
    .all()
    .filter(({ arn }) => loadBalancersOf(scope, arn).includes(loadBalancerArn))
    .reduce((sum, { arn }) => sum + scope.tables.targets.countWhere('targetGroup', arn), 0);
}

/** "If any of the targets is not running, the whole call fails." */
function requireRunning(scope: Scope, instanceIds: readonly string[]): void {
  const absent = instanceIds.filter((id) => scope.tables.instances.find(id) === undefined);
  if (absent.length > 0) {
    throw new AwsError(
      'InvalidTarget',
      `The following targets are not in the target group's VPC or do not exist: '${absent.join("', '")}'`,
    );
  }
  const idle = instanceIds.filter((id) => scope.tables.instances.find(id)?.state !== 'running');
  if (idle.length > 0) {
    throw new AwsError(
      'InvalidTarget',
      `The following targets are not in a running state and cannot be registered: '${idle.join("', '")}'`,
    );
  }
}

function namedTargets(
  group: TargetGroupRecord,
  seen: readonly TargetRecord[],
  named: readonly { Id?: string | undefined; Port?: number | undefined }[],
): readonly TargetRecord[] {
  return named.flatMap(({ Id: id = '', Port: port }) => {
    const found = seen.filter(
      (target) => target.instanceId === id && (port === undefined || target.port === port),
    );
    if (found.length > 0) return found;
    const absent: TargetRecord = {
      targetGroupArn: group.arn,
      instanceId: id,
      port: port ?? group.port,
      state: 'unused',
      reason: 'Target.NotRegistered',
    };
    return [absent];
  });
}

function healthView(
  scope: Scope,
  group: TargetGroupRecord,
  target: TargetRecord,
): TargetHealthDescription {
  const health: TargetHealth = {
    State: target.state,
    ...(target.reason === undefined
      ? {}
      : { Reason: target.reason, Description: DESCRIPTIONS[target.reason] }),
  };
  return {
    Target: {
      Id: target.instanceId,
      Port: target.port,
      AvailabilityZone: scope.tables.instances.find(target.instanceId)?.zone,
    },
    HealthCheckPort:
      group.healthCheck.port === 'traffic-port' ? String(target.port) : group.healthCheck.port,
    TargetHealth: health,
  };
}
