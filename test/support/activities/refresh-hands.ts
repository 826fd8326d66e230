import {
  AutoScalingClient,
  CancelInstanceRefreshCommand,
  CreateLaunchConfigurationCommand,
  DescribeInstanceRefreshesCommand,
  ResumeProcessesCommand,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
  type DesiredConfiguration,
  type InstanceRefresh,
  type LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';

/** What people and other tools do about instance refreshes and launch templates, past Gennaker. */
export class RefreshHands {
  readonly #autoScaling: AutoScalingClient;
  readonly #ec2: EC2Client;
  readonly #launchTemplateId: string;
  readonly #serverGroup: string;

  constructor(options: {
    readonly url: string;
    readonly accountId: string;
    readonly launchTemplateId: string;
    readonly serverGroup: string;
  }) {
    const credentials = { accessKeyId: options.accountId, secretAccessKey: 'stand-in' };
    const settings = { endpoint: options.url, region: 'eu-west-1', credentials };
    this.#autoScaling = new AutoScalingClient(settings);
    this.#ec2 = new EC2Client(settings);
    this.#launchTemplateId = options.launchTemplateId;
    this.#serverGroup = options.serverGroup;
  }

  /** Another version of the server group's launch template; its number. */
  async makeVersion(): Promise<string> {
    const { LaunchTemplateVersion: made } = await this.#ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: this.#launchTemplateId,
        SourceVersion: '1',
        VersionDescription: 'by hand',
        LaunchTemplateData: { InstanceType: 't3.small' },
      }),
    );
    return String(made?.VersionNumber);
  }

  /** Numbers of all versions that there are, ascending. */
  async versions(): Promise<readonly string[]> {
    const numbers: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.#ec2.send(
        new DescribeLaunchTemplateVersionsCommand({
          LaunchTemplateId: this.#launchTemplateId,
          NextToken,
        }),
      );
      numbers.push(...(page.LaunchTemplateVersions ?? []).map((one) => one.VersionNumber ?? 0));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return numbers.toSorted((one, other) => one - other).map(String);
  }

  /** Starts a refresh; without a version it is one without a desired configuration. */
  async start(
    version?: string,
    options: { readonly warmupSeconds?: number } = {},
  ): Promise<string> {
    const desired: DesiredConfiguration | undefined =
      version === undefined ? undefined : { LaunchTemplate: this.#template(version) };
    const { InstanceRefreshId: id } = await this.#autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: this.#serverGroup,
        DesiredConfiguration: desired,
        Preferences: {
          MinHealthyPercentage: 100,
          MaxHealthyPercentage: 200,
          InstanceWarmup: options.warmupSeconds ?? 0,
        },
      }),
    );
    return id ?? '';
  }

  async cancel(): Promise<void> {
    const AutoScalingGroupName = this.#serverGroup;
    await this.#autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName }));
  }

  async rollBack(): Promise<void> {
    const AutoScalingGroupName = this.#serverGroup;
    await this.#autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName }));
  }

  /** Newest first. */
  async refreshes(): Promise<readonly InstanceRefresh[]> {
    const all: InstanceRefresh[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.#autoScaling.send(
        new DescribeInstanceRefreshesCommand({
          AutoScalingGroupName: this.#serverGroup,
          NextToken,
        }),
      );
      all.push(...(page.InstanceRefreshes ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return all;
  }

  /** The status of a refresh, as AWS tells it now. */
  async status(refreshId: string): Promise<string | undefined> {
    const all = await this.refreshes();
    return all.find((one) => one.InstanceRefreshId === refreshId)?.Status;
  }

  async suspend(process: string): Promise<void> {
    await this.#autoScaling.send(new SuspendProcessesCommand(this.#processes(process)));
  }

  async resume(process: string): Promise<void> {
    await this.#autoScaling.send(new ResumeProcessesCommand(this.#processes(process)));
  }

  /** Lets the group launch from a version of its template: a number, `$Latest` or `$Default`. */
  async launchFrom(version: string): Promise<void> {
    await this.update({ LaunchTemplate: this.#template(version) });
  }

  /** As Auto Scaling marks instances unhealthy: sooner than the seed's ten minutes. */
  async setGrace(seconds: number): Promise<void> {
    await this.update({ HealthCheckGracePeriod: seconds });
  }

  async useMixedInstances(
    overrides: readonly { readonly InstanceType: string; readonly ImageId?: string }[],
  ): Promise<void> {
    await this.update({
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: this.#template('1'),
          Overrides: [...overrides],
        },
      },
    });
  }

  async useLaunchConfiguration(imageId: string): Promise<void> {
    const LaunchConfigurationName = 'old-times';
    await this.#autoScaling.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName,
        ImageId: imageId,
        InstanceType: 't3.micro',
      }),
    );
    await this.update({ LaunchConfigurationName });
  }

  close(): void {
    this.#autoScaling.destroy();
    this.#ec2.destroy();
  }

  async update(
    settings: Omit<
      ConstructorParameters<typeof UpdateAutoScalingGroupCommand>[0],
      'AutoScalingGroupName'
    >,
  ): Promise<void> {
    await this.#autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: this.#serverGroup, ...settings }),
    );
  }

  #template(Version: string): LaunchTemplateSpecification {
    return { LaunchTemplateId: this.#launchTemplateId, Version };
  }

  #processes(process: string) {
    return { AutoScalingGroupName: this.#serverGroup, ScalingProcesses: [process] };
  }
}
