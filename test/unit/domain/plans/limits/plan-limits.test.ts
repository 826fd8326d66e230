import { planDeploy, withinLimits, type LimitFacts } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { facts, stage } from '../plan-builder.js';
import { thrownBy } from '../rollback/rollback-builder.js';

const capacity = { min: 300, desired: 300, max: 300 };
const plan = planDeploy(facts({ stage: { ...stage, capacity } }));

/** Free addresses in zones a, b and c. */
function free(...counts: readonly number[]): LimitFacts['subnets'] {
  return {
    value: counts.map((availableAddresses, index) => ({
      subnetId: `subnet-${index}`,
      zone: `eu-west-1${'abc'[index]}`,
      availableAddresses,
    })),
  };
}

const noTargets = { value: [] };
const webPool = { kind: 'loadBalancer', name: 'web' } as const;
const plenty = free(1_000, 1_000, 1_000);

describe('the limits of a plan', () => {
  it('says nothing where there is room', () => {
    const limits = { subnets: plenty, targets: noTargets };
    expect(withinLimits(plan, { added: 300 }, limits)).toBe(plan);
  });

  it('refuses what no zone has the addresses for, with the numbers', () => {
    const limits = { subnets: free(1_000, 60, 1_000), targets: noTargets };
    const error = thrownBy(() => withinLimits(plan, { added: 300 }, limits));
    expect(error).toMatchObject({ code: 'AWS_QUOTA' });
    expect(String(error)).toContain('it needs 100 more addresses in eu-west-1b, 60 are free');
  });

  it('counts by zone no more where zones do not count, and still in all', () => {
    const short = { subnets: free(1_000, 60, 1_000), targets: noTargets };
    const change = { added: 300, zoneFloorPercent: 0 };
    expect(withinLimits(plan, change, short).warnings.at(-1)).toContain('eu-west-1b, 60 are free');
    const none = { subnets: free(90, 90, 90), targets: noTargets };
    expect(String(thrownBy(() => withinLimits(plan, change, none)))).toContain('270 are free');
  });

  it.each([
    { addresses: 112, warns: false },
    { addresses: 111, warns: true },
    { addresses: 90, warns: true },
  ])('warns from ninety percent on: $addresses free of 100 needed', ({ addresses, warns }) => {
    const limits = { subnets: free(1_000, addresses, 1_000), targets: noTargets };
    const { warnings } = withinLimits(plan, { added: 300 }, limits);
    expect(warnings.length > plan.warnings.length).toBe(warns);
  });

  it('warns where scaling out to the maximum would not fit', () => {
    const large = planDeploy(facts({ stage: { ...stage, capacity: { ...capacity, max: 4_000 } } }));
    const limits = { subnets: plenty, targets: noTargets };
    expect(withinLimits(large, { added: 300 }, limits).warnings.at(-1)).toBe(
      'Scaled out to its maximum of 4000 it needs 4000 more addresses, 3000 are free.',
    );
  });

  it('refuses a limit that AWS tells, and only warns of a default that may have been raised', () => {
    const room = { ...webPool, targets: 800, targetGroups: 1, targetsMax: 1_000 };
    const told = { subnets: plenty, targets: { value: [{ ...room, source: 'told' as const }] } };
    expect(String(thrownBy(() => withinLimits(plan, { added: 300 }, told)))).toContain(
      '300 more targets in load balancer web make 1100, 1000 are allowed',
    );
    const usual = {
      subnets: plenty,
      targets: { value: [{ ...room, source: 'default' as const }] },
    };
    expect(withinLimits(plan, { added: 300 }, usual).warnings.at(-1)).toContain('unless AWS has');
  });

  it('counts a warm fleet as targets, though it needs no addresses', () => {
    const room = { ...webPool, targets: 800, targetGroups: 2, targetsMax: 1_000 };
    const limits = {
      subnets: free(0, 0, 0),
      targets: { value: [{ ...room, source: 'told' as const }] },
    };
    const change = { added: 0, targetsAdded: 150 };
    expect(String(thrownBy(() => withinLimits(plan, change, limits)))).toContain('make 1100');
  });

  const groups = (there: number) => ({
    subnets: plenty,
    targets: noTargets,
    serverGroups: { value: { serverGroups: there, serverGroupsMax: 500 } },
  });

  it('counts the Auto Scaling groups of the region: warns from ninety percent on', () => {
    expect(withinLimits(plan, { added: 300 }, groups(449))).toBe(plan);
    expect(withinLimits(plan, { added: 300 }, groups(450)).warnings.at(-1)).toBe(
      'Close to the limit: one more Auto Scaling group makes 451 in this region, 500 are allowed.',
    );
  });

  it('refuses one Auto Scaling group more than there may be', () => {
    const error = thrownBy(() => withinLimits(plan, { added: 300 }, groups(500)));
    expect(error).toMatchObject({ code: 'AWS_QUOTA' });
    expect(String(error)).toContain('makes 501 in this region, 500 are allowed');
  });

  it('warns of what could not be checked, and never fails for it', () => {
    const limits = { subnets: { unknown: 'denied.' }, targets: { unknown: 'throttled.' } };
    expect(withinLimits(plan, { added: 300 }, limits).warnings.slice(-2)).toEqual([
      'The free addresses could not be checked: denied.',
      'The room for targets could not be checked: throttled.',
    ]);
  });
});
