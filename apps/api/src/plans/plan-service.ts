import { Inject, Injectable } from '@nestjs/common';
import type { PlanAnswer, PlannedStage } from '@gennaker/contract';
import type { PlanPreview, PlanPreviewRequest } from '@gennaker/contract/wire';
import type { DeployStage, Pipeline, StageSpec } from '@gennaker/domain';

import { CLUSTER_INSPECTOR, type ClusterInspector } from '../temporal/cluster-inspector.js';
import { stageLayers, stageTasks } from './stage-tasks.js';

/** Shows what a pipeline would do, without doing it. */
@Injectable()
export class PlanService {
  constructor(@Inject(CLUSTER_INSPECTOR) private readonly inspector: ClusterInspector) {}

  /**
   * The stage tree, and each deploy's plan by the same code that plans it when it runs. A deploy that cannot be planned
   * says why in its place. Throws SERVICE_UNAVAILABLE, OUTCOME_UNKNOWN when no worker answers within 10 s.
   */
  async plan(pipeline: Pipeline): Promise<PlanAnswer> {
    const { application, name, stages } = pipeline;
    const previews = await this.previews(pipeline);
    const layers = stageLayers(stages);
    return {
      application,
      name,
      stages: stages.map((stage) =>
        plannedStage(stage, layers.get(stage.refId) ?? 0, previews.get(stage.refId)),
      ),
    };
  }

  private async previews({ application, stages }: Pipeline): Promise<Map<string, PlanPreview>> {
    const requests = stages.flatMap(previewRequest);
    if (requests.length === 0) return new Map();
    const previews = await this.inspector.previewPlans(application, requests);
    return new Map(previews.map((preview) => [preview.refId, preview]));
  }
}

function plannedStage(
  stage: StageSpec,
  layer: number,
  preview: PlanPreview | undefined,
): PlannedStage {
  const { refId, name, type, requisiteStageRefIds } = stage;
  const plan = preview?.plan ?? null;
  const base = {
    refId,
    name,
    type,
    requisiteStageRefIds,
    layer,
    tasks: stageTasks(stage, plan),
  };
  if (previewRequest(stage).length === 0) return base;
  const error = preview?.error ?? null;
  return {
    ...base,
    ...(isDeploy(stage) && { imageId: imageIdOf(stage) }),
    plan,
    planError: error && { code: error.code, message: error.message },
  };
}

/** What is asked for the plan of a stage; nothing for one that has none. */
function previewRequest(stage: StageSpec): readonly PlanPreviewRequest[] {
  if (isDeploy(stage)) return [{ stage, imageId: imageIdOf(stage) }];
  return stage.type === 'rollbackCluster' ? [{ stage }] : [];
}

function imageIdOf({ image }: DeployStage): string | null {
  return 'imageId' in image ? image.imageId : null;
}

function isDeploy(stage: StageSpec): stage is DeployStage {
  return stage.type === 'deploy';
}
