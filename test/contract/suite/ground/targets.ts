import {
  DeregisterTargetsCommand,
  RegisterTargetsCommand,
  type TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Stage } from '../stage.js';
import { balancing, targetStates, type Balancing } from './balancing.js';
import { anyInstance, group, inService } from './groups.js';
import { template } from './launch.js';

export interface Ready {
  readonly place: Balancing;
  readonly instanceId: string;
}

/** A load balancer, and beside it an instance that is not a target yet. */
export async function ready(stage: Stage): Promise<Ready> {
  const place = await balancing(stage);
  const name = await group(
    stage,
    { network: place, template: await template(stage) },
    { DesiredCapacity: 1 },
  );
  await inService(stage, name, 1);
  return { place, instanceId: await anyInstance(stage, name) };
}

export async function register(
  stage: Stage,
  arn: string,
  target: string | TargetDescription,
): Promise<unknown> {
  return stage.elb.send(
    new RegisterTargetsCommand({
      TargetGroupArn: arn,
      Targets: [typeof target === 'string' ? { Id: target } : target],
    }),
  );
}

export async function deregister(stage: Stage, arn: string, Id: string): Promise<unknown> {
  return stage.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id }] }));
}

export async function healthy(stage: Stage, arn: string, count: number): Promise<void> {
  await stage.eventually(
    `${count} healthy targets`,
    async () => targetStates(stage, arn),
    (states) => states.length === count && states.every((state) => state === 'healthy'),
  );
}
