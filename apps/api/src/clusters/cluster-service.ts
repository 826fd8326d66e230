import { Inject, Injectable } from '@nestjs/common';
import type { LockQueue } from '@gennaker/contract/wire';
import type { ClusterRef, ClusterView } from '@gennaker/domain';

import { CLUSTER_INSPECTOR, type ClusterInspector } from '../temporal/cluster-inspector.js';
import { refuseOtherApplication } from './other-application.js';
import { RuleLocks, type RuleLock } from './rule-locks.js';

interface ClusterOfApplication extends ClusterRef {
  readonly application: string;
}

export interface ClusterWithLock extends ClusterView {
  readonly application: string;
  readonly lock: LockQueue;
  readonly ruleLocks: readonly RuleLock[];
}

/** Clusters as AWS has them, with their locks. */
@Injectable()
export class ClusterService {
  constructor(
    @Inject(CLUSTER_INSPECTOR) private readonly inspector: ClusterInspector,
    @Inject(RuleLocks) private readonly ruleLocks: RuleLocks,
  ) {}

  /** A cluster without server groups is an empty list. Throws what the inspector throws, INVALID_REQUEST. */
  async read({ application, ...ref }: ClusterOfApplication): Promise<ClusterWithLock> {
    refuseOtherApplication(application, ref.cluster);
    const [cluster, lock] = await Promise.all([
      this.inspector.readCluster(ref),
      this.inspector.readLockQueue(ref),
    ]);
    return { application, ...cluster, lock, ruleLocks: await this.ruleLocks.besides(lock) };
  }
}
