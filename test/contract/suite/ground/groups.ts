import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  SetDesiredCapacityCommand,
  type Activity,
  type AutoScalingGroup,
  type CreateAutoScalingGroupCommandInput,
} from '@aws-sdk/client-auto-scaling';
import type { Stage } from '../stage.js';
import { balancing, targetStates, type Balancing } from './balancing.js';
import { template, type Template } from './launch.js';
import { network, required, type Network } from './network.js';

export interface Ground {
  readonly network: Network;
  readonly template: Template;
}

export async function ground(stage: Stage): Promise<Ground> {
  return { network: await network(stage), template: await template(stage) };
}

type Settings = Partial<CreateAutoScalingGroupCommandInput>;

/** The parameters of an empty group (0/4/0) on that ground, and what `settings` say otherwise. */
export function groupInput(
  stage: Stage,
  on: Ground,
  settings: Settings = {},
): CreateAutoScalingGroupCommandInput {
  return {
    AutoScalingGroupName: stage.name('web-v000'),
    MinSize: 0,
    MaxSize: 4,
    DesiredCapacity: 0,
    VPCZoneIdentifier: on.network.subnetIds.join(','),
    LaunchTemplate: { LaunchTemplateId: on.template.id, Version: '1' },
    ...settings,
    Tags: [{ ...stage.tag, PropagateAtLaunch: true }, ...(settings.Tags ?? [])],
  };
}

/** Creates a group; returns its name. It is deleted by force when the scenario has ended. */
export async function group(stage: Stage, on: Ground, settings: Settings = {}): Promise<string> {
  const input = groupInput(stage, on, settings);
  if ((input.DesiredCapacity ?? input.MinSize ?? 0) > 0) stage.needs('instances');
  const name = input.AutoScalingGroupName ?? '';
  await stage.autoScaling.send(new CreateAutoScalingGroupCommand(input));
  stage.atEnd(async () => removeGroup(stage, name));
  return name;
}

/** An empty group and nothing around it. */
export async function emptyGroup(stage: Stage, settings: Settings = {}): Promise<string> {
  return group(stage, await ground(stage), settings);
}

export interface Fleet extends Ground {
  readonly group: string;
}

/** A group of that size with all its instances in service, behind no load balancer. */
export async function fleet(stage: Stage, size: number, settings: Settings = {}): Promise<Fleet> {
  const on = await ground(stage);
  const name = await group(stage, on, { DesiredCapacity: size, ...settings });
  await inService(stage, name, size);
  return { ...on, group: name };
}

export interface BalancedFleet extends Fleet {
  readonly network: Balancing;
}

/** A group of that size whose instances are all healthy targets. */
export async function balancedFleet(
  stage: Stage,
  size: number,
  settings: Settings = {},
): Promise<BalancedFleet> {
  const on = { network: await balancing(stage), template: await template(stage) };
  const name = await group(stage, on, {
    DesiredCapacity: size,
    TargetGroupARNs: [on.network.targetGroupArn],
    ...settings,
  });
  await inService(stage, name, size);
  await stage.eventually(
    `${size} healthy targets`,
    async () => targetStates(stage, on.network.targetGroupArn),
    (states) => states.length === size && states.every((state) => state === 'healthy'),
  );
  return { ...on, group: name };
}

export async function findGroup(stage: Stage, name: string): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups: found } = await stage.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return found?.[0];
}

export async function getGroup(stage: Stage, name: string): Promise<AutoScalingGroup> {
  return required(await findGroup(stage, name), `the group ${name}`);
}

/** The ids of a group's instances, sorted; in any state, or in one. */
export async function instanceIds(
  stage: Stage,
  name: string,
  state?: string,
): Promise<readonly string[]> {
  const { Instances: instances = [] } = await getGroup(stage, name);
  return instances
    .filter(({ LifecycleState: found }) => state === undefined || found === state)
    .map(({ InstanceId: id }) => id ?? '')
    .toSorted();
}

/** Waits until the group has exactly so many instances, all in service. */
export async function inService(
  stage: Stage,
  name: string,
  size: number,
): Promise<readonly string[]> {
  await stage.eventually(
    `exactly ${size} instances of ${name}, all InService`,
    async () =>
      ((await getGroup(stage, name)).Instances ?? []).map(
        ({ LifecycleState: state }) => state ?? '',
      ),
    (states) => states.length === size && states.every((state) => state === 'InService'),
  );
  return instanceIds(stage, name);
}

/** The activities of a group, newest first. */
export async function activities(stage: Stage, name: string): Promise<readonly Activity[]> {
  const found: Activity[] = [];
  let token: string | undefined;
  do {
    const page = await stage.autoScaling.send(
      new DescribeScalingActivitiesCommand({
        AutoScalingGroupName: name,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    found.push(...(page.Activities ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

/** Deletes a group by force and waits until it is gone, so that what it stood on can go too. */
export async function removeGroup(stage: Stage, name: string): Promise<void> {
  if ((await findGroup(stage, name)) === undefined) return;
  await stage.autoScaling.send(
    new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }),
  );
  await stage.eventually(
    `${name} to be gone`,
    async () => (await findGroup(stage, name)) === undefined,
    (isGone) => isGone,
  );
}

export async function resize(stage: Stage, name: string, size: number): Promise<void> {
  await stage.autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: size }),
  );
}

/** Waits until an instance of a group of one has made room for another. */
export async function replaced(stage: Stage, name: string, gone: string): Promise<void> {
  await stage.eventually(
    `${gone} to be replaced in ${name}`,
    async () => instanceIds(stage, name, 'InService'),
    (ids) => ids.length === 1 && !ids.includes(gone),
  );
}

/** One instance of the group, always the same. */
export async function anyInstance(stage: Stage, name: string): Promise<string> {
  return required((await instanceIds(stage, name))[0], `an instance of ${name}`);
}
