import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { UncarriedSetting } from './server-group-settings.js';

/** Gives the value in words where the group has the setting, else null. */
type Reader = (group: AutoScalingGroup) => string | null;

/**
 * Every setting of a group that CreateAutoScalingGroup could set and a clone of ours does not, each read against AWS's
 * default: traffic that comes by a way that we do not watch; sizes that do not count instances; a protection that an undo
 * could not get past; and what another service manages.
 */
const readers: Readonly<Record<string, Reader>> = {
  classicLoadBalancers: (group) => inWords(group.LoadBalancerNames),
  trafficSources: otherTrafficSources,
  context: (group) => inWords(group.Context),
  deletionProtection: (group) => unless(group.DeletionProtection, 'none'),
  desiredCapacityType: (group) => unless(group.DesiredCapacityType, 'units'),
  operator: (group) => inWords(group.Operator?.Principal),
};

/** What the group has set and a clone would lose, in a stable order. */
export function uncarriedSettings(group: AutoScalingGroup): readonly UncarriedSetting[] {
  return Object.entries(readers).flatMap(([name, read]) => {
    const value = read(group);
    return value === null ? [] : [{ name, value }];
  });
}

/** Target groups are traffic sources too, and are carried over; classic load balancers are named by themselves. */
function otherTrafficSources(group: AutoScalingGroup): string | null {
  const others = (group.TrafficSources ?? []).filter(
    ({ Type }) => Type !== undefined && Type !== 'elbv2' && Type !== 'elb',
  );
  return inWords(others.map(({ Identifier }) => Identifier));
}

function unless(value: string | undefined, usual: string): string | null {
  return value === undefined || value === usual ? null : value;
}

function inWords(value: string | readonly (string | undefined)[] | undefined): string | null {
  const text = typeof value === 'string' ? value : (value ?? []).join(', ');
  return text === '' ? null : text;
}
