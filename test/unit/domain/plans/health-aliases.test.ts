import { healthAliasWarnings, type HealthAlias } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

const alias: HealthAlias = {
  record: 'www.example.com',
  type: 'A',
  zone: 'example.com',
  isPrivateZone: false,
  loadBalancer: 'web-prod.example',
  routing: 'weighted',
  setIdentifier: 'blue',
};
const empty = ['web-green is empty'];
const loadBalancers = ['web-prod.example'];

function warned(found: Partial<Parameters<typeof healthAliasWarnings>[0]>): readonly string[] {
  return healthAliasWarnings({ empty, loadBalancers, ...found });
}

function withAliases(...aliases: readonly HealthAlias[]): readonly string[] {
  return warned({ aliases: { value: { hostedZones: 3, aliases } } });
}

describe('an empty target group', () => {
  it('is no news where no record evaluates the health of its load balancer', () => {
    expect(withAliases()).toEqual([]);
    expect(warned({ empty: [], aliases: { unknown: 'denied' } })).toEqual([]);
    expect(warned({ loadBalancers: [] })).toEqual([]);
  });

  it('takes requests away where other records of the name can answer', () => {
    const [warning, ...more] = withAliases(alias);
    expect(more).toEqual([]);
    expect(warning).toContain(
      'web-green is empty: the Route 53 record www.example.com (A, weighted, "blue")',
    );
    expect(warning).toContain('of the zone example.com evaluates the health of web-prod.example');
    expect(warning).toContain(
      'answers with the other records of that name if one of them is healthy',
    );
  });

  it('leaves a record that is alone answered, and is seen by those that are an alias of it', () => {
    const simple = {
      ...alias,
      routing: 'simple',
      setIdentifier: null,
      isPrivateZone: true,
    } as const;
    const [warning] = withAliases(simple);
    expect(warning).toContain('(A, simple) of the private zone example.com');
    expect(warning).toContain('it is answered all the same');
  });

  it('names five records, and counts the others', () => {
    const warnings = withAliases(...Array.from({ length: 7 }, () => alias));
    expect(warnings).toHaveLength(6);
    expect(warnings.at(-1)).toContain('2 more Route 53 records');
  });
});

describe('the warning has an if, and says why', () => {
  it.each([
    ['it was denied', { unknown: 'AWS denied it.' }, 'Route 53 could not be read. AWS denied it.'],
    ['there is no zone', { value: { hostedZones: 0, aliases: [] } }, 'no hosted zone'],
    ['it was not read', undefined, 'only previews, and runs in a cluster of more than 100'],
  ])('where %s', (_why, aliases, words) => {
    const [warning] = warned({ aliases });
    expect(warning).toContain('a Route 53 alias record of web-prod.example that evaluates');
    expect(warning).toContain(words);
  });
});
