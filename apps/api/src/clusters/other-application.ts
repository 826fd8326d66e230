import type { FaultPlace } from '@gennaker/contract';
import { parseServerGroupName } from '@gennaker/domain';

import { RequestRefused } from '../problem/request-refused.js';

/** Throws INVALID_REQUEST for a cluster whose name does not begin with the application's. */
export function refuseOtherApplication(application: string, cluster: string): void {
  if (parseServerGroupName(cluster).app === application) return;
  const place: FaultPlace = 'path';
  throw new RequestRefused(
    'INVALID_REQUEST',
    `Cluster "${cluster}" is not one of application "${application}": its name must begin with it.`,
    {
      faults: [
        { in: place, pointer: '/cluster', detail: `a name that begins with "${application}"` },
      ],
    },
  );
}
