import type { ClusterRef } from '../groups/cluster.js';
import type { RuleRef } from '../weights/listener-rule.js';
import { clusterName } from '../groups/naming.js';
import type { DeployStage, StageSpec } from './pipeline.js';
import { isServerGroupStage } from './server-group-stages.js';
import { clusterOfSelection } from '../groups/server-group-target.js';

/** Seconds that a stage waits for its cluster's lock at most; its own deadline counts from the grant. */
export const lockWaitSecondsMax = 24 * 3600;

/** The cluster that a deploy stage writes to. */
export function clusterOfDeploy(application: string, stage: DeployStage): ClusterRef {
  return {
    account: stage.account,
    region: stage.region,
    cluster: clusterName({ application, stack: stage.stack, detail: stage.detail }),
  };
}

/** The cluster whose lock the stage needs, if any: one writer per cluster (DESIGN D9). */
export function clusterLockOf(application: string, stage: StageSpec): ClusterRef | null {
  if (isServerGroupStage(stage)) return clusterOfSelection(stage, stage.serverGroup);
  switch (stage.type) {
    case 'deploy':
      return clusterOfDeploy(application, stage);
    case 'rollbackCluster': {
      const { account, region, cluster } = stage;
      return { account, region, cluster };
    }
    case 'findImage':
    case 'wait':
    case 'checkPreconditions':
    case 'manualJudgment':
      return null;
  }
}

/**
 * The listener rules whose lock the stage needs besides its cluster's: one writer per rule, so that two clusters never change
 * one rule, and two services behind different rules of one listener deploy at once. A default action is locked as its
 * listener, whose ARN it goes by.
 */
export function ruleLocksOf(stage: StageSpec): readonly RuleRef[] {
  const { account, region } = 'account' in stage ? stage : { account: '', region: '' };
  return lockedRuleArns(stage).map((arn) => ({ account, region, arn }));
}

function lockedRuleArns(stage: StageSpec): readonly string[] {
  switch (stage.type) {
    case 'deploy':
      return stage.strategy.type === 'blueGreen' || stage.strategy.type === 'canary'
        ? (stage.strategy.ruleArns ?? [])
        : [];
    case 'rollbackCluster':
      return stage.ruleArns ?? [];
    default:
      return [];
  }
}
