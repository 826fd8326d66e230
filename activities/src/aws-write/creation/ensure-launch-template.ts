import type { AwsRegion } from '@gennaker/aws';
import type { CreateServerGroupInput } from '@gennaker/contract/wire';
import { GennakerError, launchTemplateName } from '@gennaker/domain';
import { reading, writing } from '../../call-options.js';
import type { LaunchSources } from '../plans/launch-source.js';
import { assertMadeByThisStep } from './ownership.js';

/** A numbered version of a launch template: what a server group is pinned to. */
export interface LaunchTemplateVersion {
  readonly launchTemplateId: string;
  readonly version: string;
}

/** A template that this step made has one version. */
const firstVersion = '1';

/**
 * The launch template of a new server group: the source's version with the plan's values in place. The name follows from
 * the server group's, and the client token from the step, so that a repeat finds the same one. Throws NAME_CONFLICT.
 */
export async function ensureLaunchTemplate(
  region: AwsRegion,
  input: CreateServerGroupInput,
  {
    launchSources,
    repeated,
  }: { readonly launchSources: LaunchSources; readonly repeated: boolean },
): Promise<LaunchTemplateVersion> {
  const { context, target } = input;
  const name = launchTemplateName(target.serverGroup);
  const existing = repeated ? await find(region, name, input) : null;
  if (existing !== null) return existing;
  const source = await launchSources.planned(
    region,
    target.launchTemplate,
    reading(context.priority),
  );
  const { instanceType, securityGroupIds, keyName, iamInstanceProfile } = target.launchTemplate;
  const created = await region.createLaunchTemplate(
    {
      launchTemplateName: name,
      source,
      overrides: {
        imageId: target.imageId,
        instanceType,
        securityGroupIds,
        keyName,
        iamInstanceProfile,
      },
      owner: context,
    },
    await writing(context.priority),
  );
  if (created.outcome === 'created') return created;
  return (await find(region, name, input)) ?? notVisibleYet(name);
}

async function find(
  region: AwsRegion,
  name: string,
  { context }: CreateServerGroupInput,
): Promise<LaunchTemplateVersion | null> {
  const found = await region.findLaunchTemplate(name, reading(context.priority));
  if (found === undefined) return null;
  assertMadeByThisStep({ kind: 'Launch template', name }, found.tags, context);
  return { launchTemplateId: found.launchTemplateId, version: firstVersion };
}

function notVisibleYet(name: string): never {
  throw new GennakerError(
    'AWS_NOT_FOUND',
    `EC2 answered that launch template ${name} exists, but does not show it yet; it is looked for again.`,
    { details: { launchTemplateName: name } },
  );
}
