import { Inject, Injectable } from '@nestjs/common';
import type { LockQueue } from '@gennaker/contract/wire';
import {
  GennakerError,
  ruleLocksOf,
  ruleName,
  type LockClaim,
  type RuleRef,
  type StageSpec,
} from '@gennaker/domain';

import { ExecutionReader } from '../executions/execution-reader.js';
import { CLUSTER_INSPECTOR, type ClusterInspector } from '../temporal/cluster-inspector.js';

/** Claims of a cluster's lock whose rules are shown, the holder first: who is further behind will be seen when it is nearer. */
const claimsMax = 5;

/** The lock of one listener rule. */
export interface RuleLock extends LockQueue {
  readonly ruleArn: string;
  readonly title: string;
}

/** Locks of listener rules that go with a cluster's. */
@Injectable()
export class RuleLocks {
  constructor(
    @Inject(CLUSTER_INSPECTOR) private readonly inspector: ClusterInspector,
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
  ) {}

  /** Of the rules that the stages holding or awaiting the cluster's lock switch. Throws SERVICE_UNAVAILABLE. */
  async besides({ holder, waiting }: LockQueue): Promise<readonly RuleLock[]> {
    const claims = [...(holder === null ? [] : [holder]), ...waiting].slice(0, claimsMax);
    const rules = (await Promise.all(claims.map((claim) => this.rulesOf(claim)))).flat();
    const once = new Map(rules.map((rule) => [rule.arn, rule]));
    return await Promise.all(
      [...once.values()].map(async (rule) => {
        const { holder: held, waiting: line } = await this.inspector.readRuleLockQueue(rule);
        return { ruleArn: rule.arn, title: ruleName(rule.arn), holder: held, waiting: line };
      }),
    );
  }

  private async rulesOf({ executionId, claim }: LockClaim): Promise<readonly RuleRef[]> {
    const stages = await this.stagesOf(executionId);
    const stage = stages.find((candidate) => candidate.refId === claim);
    return stage === undefined ? [] : ruleLocksOf(stage);
  }

  /** None of an execution that was deleted meanwhile. */
  private async stagesOf(executionId: string): Promise<readonly StageSpec[]> {
    try {
      return (await this.reader.getStored(executionId)).pipeline.stages;
    } catch (error) {
      if (error instanceof GennakerError && error.code === 'EXECUTION_NOT_FOUND') return [];
      throw error;
    }
  }
}
