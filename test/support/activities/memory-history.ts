import type { AwsActivityDependencies } from '@gennaker/activities';
import type { RecordedDeploy, RecordedState } from '@gennaker/domain';

type History = AwsActivityDependencies['history'];

/** What executions have recorded of clusters, in memory: a test says what is found. */
export class MemoryHistory implements History {
  readonly plans: Parameters<History['recordPlan']>[0][] = [];
  lastDeploy: RecordedDeploy | undefined;
  readonly states = new Map<string, RecordedState>();

  readonly recordPlan: History['recordPlan'] = async (plan) => {
    this.plans.push(plan);
  };

  readonly findLastDeploy: History['findLastDeploy'] = async () => this.lastDeploy;

  readonly findRecordedState: History['findRecordedState'] = async (_cluster, serverGroup) =>
    this.states.get(serverGroup);
}
