import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'yaml';

import type { AttemptState, DeployPlan, ServerGroupView } from '@gennaker/domain';
import { RefreshHands } from '../activities/refresh-hands.js';
import { repositoryRoot } from '../repository-root.js';
import type { Gennaker } from './gennaker.js';
import { serverGroupsOf, type RedBlackPipeline } from './story.js';

/** The one server group of these scenes. */
export const serverGroup = 'web-prod-v000';

const file = path.join(repositoryRoot, 'pipelines/rolling.yaml');

/** What a test has otherwise than `pipelines/rolling.yaml`. */
export interface RollingVariation {
  readonly imageName: string;
  readonly strategy?: Readonly<Record<string, unknown>>;
}

/** The example pipeline; what a variation gives of the strategy replaces what the example has. */
export async function rollingPipeline(vary: RollingVariation): Promise<RedBlackPipeline> {
  const pipeline = parse(await readFile(file, 'utf8')) as RedBlackPipeline;
  const stages = pipeline.stages.map((stage) => {
    if (stage['type'] === 'findImage') return { ...stage, imageName: vary.imageName };
    if (stage['type'] !== 'deploy' || vary.strategy === undefined) return stage;
    const strategy = { type: 'rolling', instanceWarmupSeconds: 30, ...vary.strategy };
    return { ...stage, strategy };
  });
  return { ...pipeline, stages };
}

/** The server group as the API reports it: live from AWS. */
export async function theGroup(gennaker: Gennaker): Promise<ServerGroupView> {
  const found = (await serverGroupsOf(gennaker)).find((group) => group.name === serverGroup);
  if (found === undefined) throw new Error(`${serverGroup} is not there`);
  return found;
}

/** What the group launches from, and what its instances run: version numbers, those on their way out left out. */
export async function versionsOf(
  gennaker: Gennaker,
): Promise<{ readonly group: string; readonly instances: readonly string[] }> {
  const group = await theGroup(gennaker);
  return {
    group: group.launchTemplate?.version ?? 'none',
    instances: group.instances
      .filter((one) => !one.lifecycleState.startsWith('Terminat'))
      .map((one) => one.launchTemplate?.version ?? 'none'),
  };
}

/** An attempt of the deploy stage, the newest if not said. */
export async function deployAttempt(
  gennaker: Gennaker,
  executionId: string,
  attempt?: number,
): Promise<AttemptState & { readonly plan: DeployPlan }> {
  const view = await gennaker.api.execution(executionId);
  const attempts = view.stages.find((stage) => stage.refId === 'deploy')?.attempts ?? [];
  const found = attempt === undefined ? attempts.at(-1) : attempts[attempt - 1];
  const plan = found?.plan;
  if (found === undefined || plan === null || plan === undefined) throw new Error('no plan yet');
  return { ...found, plan };
}

/** Other people's hands on the server group. */
export function handsOn(gennaker: Gennaker): RefreshHands {
  const { accountId, launchTemplateId } = gennaker.seeded;
  const { url } = gennaker.aws;
  return new RefreshHands({ url, accountId, launchTemplateId, serverGroup });
}

/** A metric's minute can be read when it is over. */
const minuteSeconds = 60;

/** CloudWatch as an operator has it. */
export class Watcher {
  readonly #cloudWatch: CloudWatchClient;
  readonly #gennaker: Gennaker;

  constructor(gennaker: Gennaker) {
    this.#gennaker = gennaker;
    const credentials = {
      accessKeyId: gennaker.seeded.accountId,
      secretAccessKey: 'stand-in',
    };
    const endpoint = gennaker.aws.url;
    this.#cloudWatch = new CloudWatchClient({ endpoint, region: 'eu-west-1', credentials });
  }

  /**
   * The fewest healthy targets at any moment of the whole minutes since an instant of AWS's time until now, as the load
   * balancer counts them: every change is in it, whether somebody looked or not.
   */
  async fewestHealthySince(since: Date): Promise<number> {
    await this.#gennaker.aws.advance(minuteSeconds);
    const { Datapoints: points = [] } = await this.#cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'HealthyHostCount',
        Dimensions: [
          { Name: 'LoadBalancer', Value: nameIn(this.#gennaker.seeded.loadBalancerArn) },
          { Name: 'TargetGroup', Value: nameIn(this.#gennaker.seeded.targetGroupArn) },
        ],
        StartTime: since,
        EndTime: await this.#gennaker.aws.now(),
        Period: minuteSeconds,
        Statistics: ['Minimum'],
      }),
    );
    if (points.length === 0) throw new Error('no minute has passed');
    return Math.min(...points.map((point) => point.Minimum ?? 0));
  }

  async putAlarm(name: string): Promise<void> {
    await this.#cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        Namespace: 'web',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
  }

  async setAlarm(name: string, state: 'OK' | 'ALARM'): Promise<void> {
    const set = { AlarmName: name, StateValue: state, StateReason: 'errors were seen' };
    await this.#cloudWatch.send(new SetAlarmStateCommand(set));
  }

  close(): void {
    this.#cloudWatch.destroy();
  }
}

/** `app/web-prod/0123` of a load balancer, `targetgroup/web-prod/0123` of a target group. */
function nameIn(arn: string): string {
  return arn.replace(/^.*?:(?:loadbalancer\/)?((?:app|targetgroup)\/.*)$/, '$1');
}
