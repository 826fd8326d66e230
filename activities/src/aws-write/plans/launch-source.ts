import type {
  AwsRegion,
  CallOptions,
  LaunchData,
  LaunchSource,
  LaunchSummary,
} from '@gennaker/aws';
import { GennakerError, type PlannedLaunchTemplate } from '@gennaker/domain';

/** What the instances of a server group are launched from, resolved to something that never changes. */
export interface ResolvedLaunch {
  readonly planned: PlannedLaunchTemplate;
  readonly data: LaunchData;
  readonly summary: LaunchSummary;
  readonly unknownFields: readonly string[];
}

/** How many launch data are remembered; each holds at most 16 KiB of user data. */
const rememberedMax = 20;

/**
 * Reads launch data and remembers it in memory. It decides nothing that could be out of date: a numbered version of a
 * launch template and a launch configuration never change. It saves the create a read that the plan has made.
 */
export class LaunchSources {
  readonly #remembered = new Map<string, ResolvedLaunch>();

  /** Resolves what a group has (`$Latest` becomes a number). Throws AWS_NOT_FOUND, INVALID_REQUEST. */
  async resolve(
    region: AwsRegion,
    source: { readonly serverGroup: string; readonly launch: LaunchSource },
    options: CallOptions,
  ): Promise<ResolvedLaunch> {
    const { launch, serverGroup } = source;
    if (launch.kind === 'launchConfiguration') {
      return this.#configuration(region, launch.launchConfigurationName, options);
    }
    const { launchTemplateId, version } =
      launch.kind === 'none' ? { launchTemplateId: null, version: null } : launch;
    if (launchTemplateId === null) throw nothingToClone(serverGroup);
    return this.#template(region, { launchTemplateId, version: version ?? '$Default' }, options);
  }

  /** The data that a plan names; null where the plan clones nothing. */
  async planned(
    region: AwsRegion,
    planned: PlannedLaunchTemplate,
    options: CallOptions,
  ): Promise<LaunchData | null> {
    return (await this.#clonedFrom(region, planned, options))?.data ?? null;
  }

  /** What may be seen of the data that a plan names; null where the plan clones nothing. */
  async summary(
    region: AwsRegion,
    planned: PlannedLaunchTemplate,
    options: CallOptions,
  ): Promise<LaunchSummary | null> {
    return (await this.#clonedFrom(region, planned, options))?.summary ?? null;
  }

  async #clonedFrom(
    region: AwsRegion,
    { clonedFrom, clonedFromConfiguration }: PlannedLaunchTemplate,
    options: CallOptions,
  ): Promise<ResolvedLaunch | null> {
    if (clonedFrom !== null) return this.#template(region, clonedFrom, options);
    return clonedFromConfiguration === undefined
      ? null
      : this.#configuration(region, clonedFromConfiguration, options);
  }

  async #template(
    region: AwsRegion,
    query: { readonly launchTemplateId: string; readonly version: string },
    options: CallOptions,
  ): Promise<ResolvedLaunch> {
    const known = this.#remembered.get(keyOf(region, query.launchTemplateId, query.version));
    if (known !== undefined) return known;
    const details = await region.describeLaunchTemplateVersion(query, options);
    const { launchTemplateId, version, data, summary, unknownFields } = details;
    const clonedFrom = { launchTemplateId, version };
    const resolved = { planned: { ...unchanged, clonedFrom }, data, summary, unknownFields };
    return this.#remember(keyOf(region, launchTemplateId, version), resolved);
  }

  async #configuration(
    region: AwsRegion,
    name: string,
    options: CallOptions,
  ): Promise<ResolvedLaunch> {
    const key = keyOf(region, 'launchConfiguration', name);
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const { data, summary, unknownFields } = await region.describeLaunchConfiguration(
      name,
      options,
    );
    const planned = { ...unchanged, clonedFrom: null, clonedFromConfiguration: name };
    return this.#remember(key, { planned, data, summary, unknownFields });
  }

  #remember(key: string, resolved: ResolvedLaunch): ResolvedLaunch {
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined && this.#remembered.size >= rememberedMax)
      this.#remembered.delete(oldest);
    this.#remembered.set(key, resolved);
    return resolved;
  }
}

/** A launch template whose values are all the source's. */
export const unchanged = {
  instanceType: null,
  securityGroupIds: null,
  keyName: null,
  iamInstanceProfile: null,
} as const;

function keyOf(region: AwsRegion, what: string, version: string): string {
  return [region.account, region.region, what, version].join('/');
}

function nothingToClone(serverGroup: string): GennakerError {
  return new GennakerError(
    'INVALID_REQUEST',
    `${serverGroup} has neither a launch template nor a launch configuration that could be cloned. ` +
      'Give the server group a launch template, or remove it from the cluster.',
    { details: { serverGroup } },
  );
}
