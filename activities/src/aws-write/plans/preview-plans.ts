import type {
  AwsWriteActivities,
  DeployPreviewRequest,
  PlanPreview,
  PlanPreviewRequest,
} from '@gennaker/contract/wire';
import {
  GennakerError,
  planDeploy,
  type DeployFacts,
  type DeployPlan,
  type DeployStage,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
import { readDeployCluster, readDeployFacts, type ReadCluster } from './deploy-facts.js';
import type { LaunchSources } from './launch-source.js';
import { addedBy, checkLimits } from './limits.js';
import { readRollbackPlan } from './rollback-plan.js';
import { readRollingFacts } from './rolling-facts.js';

/**
 * What deploys would do now, by the code that plans them, reserving nothing: a name is what would be next. A stage that
 * would be refused carries the refusal as data, so that the others are still shown.
 */
export function createPreviewPlans(
  dependencies: AwsActivityDependencies,
  launchSources: LaunchSources,
): AwsWriteActivities['previewPlans'] {
  return async ({ application, stages }) => ({
    plans: await Promise.all(
      stages.map((request) =>
        preview(request, () =>
          'imageId' in request
            ? plan(dependencies, { application, request, launchSources })
            : readRollbackPlan(
                dependencies,
                { stage: request.stage, launchSources },
                reading('screen'),
              ),
        ),
      ),
    ),
  });
}

async function preview(
  { stage: { refId } }: PlanPreviewRequest,
  work: () => Promise<DeployPlan>,
): Promise<PlanPreview> {
  try {
    return { refId, plan: await work(), error: null };
  } catch (error) {
    if (!(error instanceof GennakerError)) throw error;
    const { code, message, details } = error;
    return { refId, plan: null, error: { code, message, details } };
  }
}

interface PlanOfOne {
  readonly application: string;
  readonly request: DeployPreviewRequest;
  readonly launchSources: LaunchSources;
}

async function plan(
  dependencies: AwsActivityDependencies,
  request: PlanOfOne,
): Promise<DeployPlan> {
  const { stage, imageId } = request.request;
  const options = reading('screen');
  const deploy = { application: request.application, stage };
  const cluster = await readDeployCluster(dependencies, deploy, options);
  const facts = await previewFacts(dependencies, cluster, request);
  const draft = planDeploy({ ...facts, imageId: imageId ?? unknownImage(stage) });
  const change = addedBy(draft, stage);
  const { region, groups } = cluster;
  const { launchSources } = request;
  const check = { plan: draft, change, groups, launchSources };
  const planned = await checkLimits(region, check, options);
  if (imageId !== null) return planned;
  return {
    ...planned,
    warnings: [...planned.warnings, `The image is ${unknownImage(stage)}.`],
  };
}

/** What a plan is computed from, but for the image; the name is what would be next, or the one that is there. */
async function previewFacts(
  dependencies: AwsActivityDependencies,
  cluster: ReadCluster,
  { request, launchSources }: PlanOfOne,
): Promise<Omit<DeployFacts, 'imageId'>> {
  const { stage } = request;
  const { strategy } = stage;
  const options = reading('screen');
  if (strategy.type === 'rolling') return readRollingFacts(cluster, { stage, strategy }, options);
  const facts = await readDeployFacts(cluster, { stage, launchSources }, options);
  const serverGroup = await dependencies.names.peekServerGroupName(cluster.names);
  return { ...facts, serverGroup };
}

function unknownImage({ image }: DeployStage): string {
  return 'fromStage' in image ? `what stage "${image.fromStage}" will find` : image.imageId;
}
