import type { PlanDeployInput } from '@gennaker/contract/wire';
import type { ClusterView, DeployFacts, ServerGroupView } from '@gennaker/domain';
import { expect, test } from 'vitest';

import {
  assertLaunchNotMovedOn,
  assertNotMovedOn,
} from '../../../activities/src/aws-write/plans/cluster-moved-on.js';

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

/** A group in place that launches from a version which that execution made. */
function inPlace(version: string, executionId: string | null): DeployFacts {
  const madeBy = executionId === null ? null : { executionId, stage: 'deploy' };
  const launch = { launchTemplateId: 'lt-1', version, madeBy };
  return { serverGroup: 'web-v000', refresh: { launch } } as unknown as DeployFacts;
}

test('in place, a version of a newer execution moves the cluster on, one of an older does not', () => {
  expect(() => assertLaunchNotMovedOn(inPlace('5', 'C'), input)).toThrow(
    'web-v000 launches from lt-1:5, made by execution C',
  );
  for (const maker of ['A', 'B', null]) assertLaunchNotMovedOn(inPlace('5', maker), input);
});

test('in place, a retry minds every version that the last attempt did not find', () => {
  const retry = { ...input, knownLaunchTemplate: { launchTemplateId: 'lt-1', version: '4' } };
  assertLaunchNotMovedOn(inPlace('4', 'C'), retry);
  assertLaunchNotMovedOn(inPlace('5', 'B'), retry);
  for (const maker of ['A', 'C']) {
    expect(() => assertLaunchNotMovedOn(inPlace('5', maker), retry)).toThrow(`execution ${maker}`);
  }
  expect(() => assertLaunchNotMovedOn(inPlace('5', null), retry)).toThrow('someone outside');
  assertLaunchNotMovedOn(inPlace('5', null), { ...retry, acceptedServerGroup: 'web-v000' });
});
