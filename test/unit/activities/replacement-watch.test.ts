import { ReplacementWatch } from '@gennaker/activities';
import type { InstanceView, ServerGroupView } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

const ours = { launchTemplateId: 'lt-1', version: '2' };

function instance(instanceId: string, changes: Partial<InstanceView> = {}): InstanceView {
  return {
    instanceId,
    zone: 'a',
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: [{ targetGroupArn: 'arn:tg', state: 'unhealthy' }],
    health: 'Down',
    launchTemplate: ours,
    ...changes,
  };
}

const healthy: Partial<InstanceView> = {
  targetHealth: [{ targetGroupArn: 'arn:tg', state: 'healthy' }],
  health: 'Up',
};

function group(...instances: readonly InstanceView[]): ServerGroupView {
  return {
    name: 'web-v003',
    arn: 'arn:web-v003',
    createdAt: '2026-01-01T00:00:00.000Z',
    capacity: { min: 3, desired: 3, max: 3 },
    enabled: true,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: ['arn:tg'],
    imageId: null,
    instances,
    owner: null,
  };
}

describe('new instances that never get healthy', () => {
  it('fail the refresh once three in a row have ended', () => {
    const watch = new ReplacementWatch(ours);
    watch.take(group(instance('i-1')));
    watch.take(group(instance('i-1', { lifecycleState: 'Terminating' }), instance('i-2')));
    watch.take(group(instance('i-3')));
    expect(() => watch.take(group())).toThrow(/3 new instances of web-v003.*i-1, i-2, i-3/);
  });

  it('do not add up over one that did get healthy', () => {
    const watch = new ReplacementWatch(ours);
    watch.take(group(instance('i-1'), instance('i-2')));
    watch.take(group(instance('i-3', healthy)));
    watch.take(group(instance('i-3', healthy), instance('i-4')));
    watch.take(group(instance('i-3', healthy)));
    expect(() => watch.take(group())).not.toThrow();
  });

  it('are not those of the old version, nor healthy ones that were scaled in', () => {
    const watch = new ReplacementWatch(ours);
    const old = { launchTemplate: { launchTemplateId: 'lt-1', version: '1' } };
    watch.take(group(instance('i-1', old), instance('i-2', old), instance('i-3', old)));
    watch.take(group(instance('i-4', healthy), instance('i-5', healthy), instance('i-6', healthy)));
    expect(() => watch.take(group())).not.toThrow();
  });
});
