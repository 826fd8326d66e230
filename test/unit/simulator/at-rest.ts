import { targetKey } from '@gennaker/simulator';
import { expect } from 'vitest';
import { AutoScalingGroupName, type Walk } from './autoscaling-steps.js';

/** The group has its size, all in service, healthy, registered and spread over the zones, and nothing more is to come. */
export function expectWhole({ world, scope, targetGroupArn }: Walk): void {
  const desired = scope.tables.groups.find(AutoScalingGroupName)?.desired ?? -1;
  const members = scope.tables.members.all();
  expect(members.map(({ state, healthy }) => [state, healthy])).toEqual(
    Array.from({ length: desired }, () => ['InService', true]),
  );
  const targets = scope.tables.targets.all();
  const wanted = members.map(({ instanceId }) =>
    targetKey({ targetGroupArn, instanceId, port: 80 }),
  );
  expect(targets.map(targetKey).toSorted()).toEqual(wanted.toSorted());
  expect(targets.every(({ state }) => state === 'healthy')).toBe(true);
  const counts = scope
    .zones()
    .map((zone) => members.filter((member) => member.zone === zone).length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  expect(world.queue.nextAt()).toBeUndefined();
}
