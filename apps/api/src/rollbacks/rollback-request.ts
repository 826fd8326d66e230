import type { RollbackBody, RollbackPlanBody } from '@gennaker/contract';
import { defaultTimeoutSeconds } from '@gennaker/contract';
import type { ClusterRef, Pipeline, RollbackClusterStage } from '@gennaker/domain';
import { canonicalJson, sha256Hex } from '@gennaker/platform';
import type { Idempotency } from '@gennaker/store';

/** The one stage of a rollback's pipeline. */
const rollbackRefId = 'rollback';

/** Share of the fleet that must be healthy where the request says nothing. */
const targetHealthyPercentDefault = 100;

/** Which cluster a request is about. */
export interface ClusterOfApplication extends ClusterRef {
  readonly application: string;
}

/** A request to roll a cluster back. */
export interface RollbackCommand {
  readonly cluster: ClusterOfApplication;
  readonly body: RollbackBody;
  readonly by: string;
  readonly key: string;
}

/** The stage that does what the body asks for. */
export function rollbackStage(
  { account, region, cluster }: ClusterRef,
  body: RollbackPlanBody & { readonly ruleArns?: readonly string[] },
): RollbackClusterStage {
  const { toServerGroup, expectedServing, zoneFloorPercent, reason, acceptWeights, ruleArns } =
    body;
  return {
    type: 'rollbackCluster',
    refId: rollbackRefId,
    name: `Roll ${cluster} back`,
    requisiteStageRefIds: [],
    timeoutSeconds: body.timeoutSeconds ?? defaultTimeoutSeconds.rollbackCluster,
    account,
    region,
    cluster,
    targetHealthyPercent: body.targetHealthyPercent ?? targetHealthyPercentDefault,
    ...(toServerGroup !== undefined && { toServerGroup }),
    ...(expectedServing !== undefined && { expectedServing }),
    ...(zoneFloorPercent !== undefined && { zoneFloorPercent }),
    ...(ruleArns !== undefined && { ruleArns }),
    ...(acceptWeights !== undefined && { acceptWeights }),
    ...(reason !== undefined && { reason }),
  };
}

/** The built-in pipeline of one stage. */
export function rollbackPipeline(application: string, stage: RollbackClusterStage): Pipeline {
  return { schemaVersion: 1, application, name: 'rollback', stages: [stage] };
}

/** The request's key: the same key with the same path and body is the same request. */
export function idempotencyOf({ cluster, body, key }: RollbackCommand): Idempotency {
  const { application, account, region, cluster: name } = cluster;
  const request = { rollback: { application, account, region, cluster: name, ...body } };
  return { scope: 'rollbacks', key, bodyHash: sha256Hex(canonicalJson(request)) };
}
