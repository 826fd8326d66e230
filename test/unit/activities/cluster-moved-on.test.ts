import type { PlanDeployInput } from '@gennaker/contract/wire';
import type { ClusterView, ServerGroupView } from '@gennaker/domain';
import { expect, test } from 'vitest';

import { assertNotMovedOn } from '../../../activities/src/aws-write/cluster-moved-on.js';

const input = {
  context: { executionId: 'B' },
  knownServerGroups: ['web-v000'],
  acceptedServerGroup: null,
} as unknown as PlanDeployInput;

function cluster(...names: readonly string[]): ClusterView {
  const serverGroups = names.map((name): ServerGroupView => ({
    name,
    arn: `arn:${name}`,
    createdAt: '2026-01-01T00:00:00Z',
    capacity: { min: 1, desired: 1, max: 1 },
    enabled: true,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: [],
    imageId: null,
    instances: [],
    owner: null,
  }));
  return { account: 'a', region: 'r', cluster: 'web', observedAt: '', serverGroups };
}

test('names the newest server group that the last attempt did not know', () => {
  expect(() => assertNotMovedOn(cluster('web-v000', 'web-v001', 'web-v002'), input)).toThrow(
    'web-v002 was made by someone outside',
  );
});

test('accepting the newest one accepts the older ones too', () => {
  const accepted = { ...input, acceptedServerGroup: 'web-v002' };
  assertNotMovedOn(cluster('web-v000', 'web-v001', 'web-v002'), accepted);
  expect(() => assertNotMovedOn(cluster('web-v002', 'web-v003'), accepted)).toThrow('web-v003');
});
