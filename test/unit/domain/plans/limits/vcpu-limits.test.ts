import {
  planDeploy,
  withinLimits,
  type AwsMembers,
  type DeployPlan,
  type LaunchedFrom,
  type LimitFacts,
  type VcpuRoom,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { plan as canaryPlan } from '../canary/canary-builder.js';
import { facts, stage } from '../plan-builder.js';
import { thrownBy } from '../rollback/rollback-builder.js';

const capacity = { min: 320, desired: 320, max: 320 };
const plan = planDeploy(facts({ stage: { ...stage, capacity } }));

const large: LaunchedFrom = {
  instanceType: 'm5.large',
  purchase: 'onDemand',
  mixedInstances: null,
};

const vcpusOf: Readonly<Record<string, number>> = { 'm5.large': 2, 'm5.xlarge': 4, 'g5.xlarge': 4 };
const quotaOf = (instanceType: string) => (instanceType.startsWith('g') ? 'G and VT' : 'Standard');

/** Everything else has room; of each quota of vCPUs so many are free, of 1152. */
function freeVcpus(free: number, from: LaunchedFrom = large): LimitFacts {
  const bought = (['onDemand', 'spot'] as const).flatMap((purchase) =>
    Object.entries(vcpusOf).map(([instanceType, vcpus]) => {
      const suffix = purchase === 'spot' ? 'Spot' : 'On-Demand';
      return { instanceType, purchase, vcpus, quota: `${quotaOf(instanceType)} ${suffix}` };
    }),
  );
  const names = [...new Set(bought.map(({ quota }) => quota))];
  const quotas = names.map((name) => ({ name, vcpusUsed: 1_152 - free, vcpusMax: 1_152 }));
  return roomy(from, { types: bought, quotas });
}

function roomy(from: LaunchedFrom, room: VcpuRoom): LimitFacts {
  const zones = ['a', 'b', 'c'].map((letter) => ({
    subnetId: `subnet-${letter}`,
    zone: `eu-west-1${letter}`,
    availableAddresses: 10_000,
  }));
  return { subnets: { value: zones }, targets: { value: [] }, vcpus: { value: { from, room } } };
}

function mixed(distribution: AwsMembers, ...types: readonly string[]): LaunchedFrom {
  const overrides = types.map((InstanceType) => ({ InstanceType }));
  return { ...large, mixedInstances: { distribution, overrides } };
}

/** What is said of the vCPUs, or of why it is refused. */
function said(limits: LimitFacts, of: DeployPlan = plan, added = 320): readonly string[] {
  return withinLimits(of, { added }, limits).warnings.slice(of.warnings.length);
}

const refusal = (limits: LimitFacts) => String(thrownBy(() => said(limits)));

describe('the vCPUs of a plan', () => {
  it('are no matter where there are enough', () => {
    expect(said(freeVcpus(1_152))).toEqual([]);
  });

  it('refuse it where they are too few, with the numbers', () => {
    expect(thrownBy(() => said(freeVcpus(512)))).toMatchObject({ code: 'AWS_QUOTA' });
    expect(refusal(freeVcpus(512))).toContain(
      'it needs 640 more vCPUs of Standard On-Demand, 512 of 1152 are free',
    );
  });

  it.each([
    { free: 712, warns: false },
    { free: 711, warns: true },
    { free: 640, warns: true },
  ])('warn from ninety percent on: $free are free of 640 needed', ({ free, warns }) => {
    const close = `Close to the limit: it needs 640 more vCPUs of Standard On-Demand, ${free} of 1152 are free.`;
    expect(said(freeVcpus(free))).toEqual(warns ? [close] : []);
  });

  it('warn where scaling out to the maximum would take more', () => {
    const growing = planDeploy(facts({ stage: { ...stage, capacity: { ...capacity, max: 600 } } }));
    expect(said(freeVcpus(1_152), growing)).toEqual([
      'Scaled out to its maximum of 600 it needs 1200 more vCPUs of Standard On-Demand, 1152 of 1152 are free.',
    ]);
  });

  it('are counted by the least that may be launched before they refuse, by the most before they warn', () => {
    const either = mixed({}, 'm5.large', 'm5.xlarge');
    expect(refusal(freeVcpus(639, either))).toContain('it needs 640 more vCPUs');
    expect(said(freeVcpus(640, either))).toEqual([
      'Of the largest of its instance types it needs 1280 more vCPUs of Standard On-Demand, 640 of 1152 are free.',
    ]);
  });

  it('never refuse where the next type counts against another quota', () => {
    const either = mixed({}, 'm5.large', 'g5.xlarge');
    expect(said(freeVcpus(0, either))).toHaveLength(2);
  });

  it('are divided by the policy: On-Demand is the base and the share above it, Spot the rest', () => {
    const shared = mixed(
      { OnDemandBaseCapacity: 20, OnDemandPercentageAboveBaseCapacity: 25 },
      'm5.large',
    );
    const words = refusal(freeVcpus(0, shared));
    expect(words).toContain('it needs 190 more vCPUs of Standard On-Demand');
    expect(words).toContain('it needs 450 more vCPUs of Standard Spot');
  });

  it('are those of Spot where the launch template asks for it, and nobody counts Dedicated Hosts', () => {
    expect(refusal(freeVcpus(0, { ...large, purchase: 'spot' }))).toContain('of Standard Spot');
    expect(said(freeVcpus(0, { ...large, purchase: 'dedicatedHost' }))).toEqual([]);
  });

  it('are counted by weight where a group in place has weights', () => {
    const overrides = [{ InstanceType: 'm5.xlarge', WeightedCapacity: '4' }];
    const weighted = { ...large, mixedInstances: { distribution: {}, overrides } };
    expect(refusal(freeVcpus(319, weighted))).toContain('it needs 320 more vCPUs');
  });

  it('could not be checked where no quota of a type is known, or nobody could read them', () => {
    const type = {
      instanceType: 'hpc7g.4xlarge',
      purchase: 'spot',
      vcpus: 0,
      quota: null,
    } as const;
    const from: LaunchedFrom = { ...large, instanceType: type.instanceType, purchase: 'spot' };
    expect(said(roomy(from, { types: [type], quotas: [] }))).toEqual([
      'The vCPUs could not be checked: no quota of hpc7g.4xlarge on Spot is known.',
    ]);
    expect(said({ ...freeVcpus(0), vcpus: { unknown: 'denied.' } })).toEqual([
      'The vCPUs could not be checked: denied.',
    ]);
  });
});

describe('the temporary fleets of a canary', () => {
  const canary = canaryPlan({
    strategy: { instances: 250 },
  });

  it('count while they are there, both of them, and not beside the new fleet', () => {
    expect(refusalOf(freeVcpus(999), 3)).toContain('it needs 1000 more vCPUs of Standard On-Dem');
    expect(said(freeVcpus(1_150), canary, 3)).toEqual([]);
    expect(refusalOf(freeVcpus(1_000), 501)).toContain('it needs 1002 more vCPUs');
  });

  it('take addresses, Auto Scaling groups, and targets behind the load balancer alone', () => {
    const pool = { targets: 600, targetGroups: 1, targetsMax: 1_000, source: 'told' } as const;
    const targets = [
      { ...pool, kind: 'targetGroup', name: 'web-blue' },
      { ...pool, kind: 'loadBalancer', name: 'web' },
    ] as const;
    const none = { subnetId: 'subnet-a', zone: 'eu-west-1a', availableAddresses: 499 };
    const words = refusalOf(
      {
        subnets: { value: [none] },
        targets: { value: targets },
        serverGroups: { value: { serverGroups: 499, serverGroupsMax: 500 } },
      },
      3,
    );
    expect(words).toContain('it needs 500 more addresses in eu-west-1a, 499 are free');
    expect(words).toContain('500 more targets in load balancer web make 1100, 1000 are allowed');
    expect(words).toContain('2 more Auto Scaling groups make 501 in this region, 500 are allowed');
    expect(words).not.toContain('web-blue');
  });

  function refusalOf(limits: LimitFacts, added: number): string {
    return String(thrownBy(() => said(limits, canary, added)));
  }
});
