import { Inject, Injectable } from '@nestjs/common';
import type { FaultPlace } from '@gennaker/contract';
import type { LockQueue } from '@gennaker/contract/wire';
import { parseServerGroupName, type ClusterRef, type ClusterView } from '@gennaker/domain';

import { RequestRefused } from '../problem/request-refused.js';
import { CLUSTER_INSPECTOR, type ClusterInspector } from '../temporal/cluster-inspector.js';

interface ClusterOfApplication extends ClusterRef {
  readonly application: string;
}

export interface ClusterWithLock extends ClusterView {
  readonly application: string;
  readonly lock: LockQueue;
}

/** Clusters as AWS has them, with their locks. */
@Injectable()
export class ClusterService {
  constructor(@Inject(CLUSTER_INSPECTOR) private readonly inspector: ClusterInspector) {}

  /** A cluster without server groups is an empty list. Throws what the inspector throws, INVALID_REQUEST. */
  async read({ application, ...ref }: ClusterOfApplication): Promise<ClusterWithLock> {
    if (parseServerGroupName(ref.cluster).app !== application) {
      throw otherApplication(application, ref.cluster);
    }
    const [cluster, lock] = await Promise.all([
      this.inspector.readCluster(ref),
      this.inspector.readLockQueue(ref),
    ]);
    return { application, ...cluster, lock };
  }
}

function otherApplication(application: string, cluster: string): RequestRefused {
  const place: FaultPlace = 'path';
  const detail = `Cluster "${cluster}" is not one of application "${application}": its name must begin with it.`;
  return new RequestRefused('INVALID_REQUEST', detail, {
    faults: [
      { in: place, pointer: '/cluster', detail: `a name that begins with "${application}"` },
    ],
  });
}
