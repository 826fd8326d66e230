import {
  clusterName,
  formatServerGroupName,
  launchTemplateName,
  nextSequence,
  parseServerGroupName,
} from '@gennaker/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const plain = fc.stringMatching(/^[A-Za-z0-9._]{1,20}$/);
const detailed = fc
  .stringMatching(/^[A-Za-z0-9._~^-]{1,20}$/)
  .filter((text) => !/(^|-)v\d{3,6}$/.test(text));
const versionless = plain.filter((text) => !/^v\d{3,6}$/.test(text));

describe('server group names', () => {
  it.each([
    ['web', 'web', null, null, 'web', null],
    ['web-prod', 'web', 'prod', null, 'web-prod', null],
    ['web-prod-v012', 'web', 'prod', null, 'web-prod', 12],
    ['web-v000', 'web', null, null, 'web', 0],
    ['web-prod-blue-green-v123456', 'web', 'prod', 'blue-green', 'web-prod-blue-green', 123456],
    ['web--canary-v007', 'web', null, 'canary', 'web--canary', 7],
    ['web-prod-v12', 'web', 'prod', 'v12', 'web-prod-v12', null],
    ['web-prod-a~b^c-v001', 'web', 'prod', 'a~b^c', 'web-prod-a~b^c', 1],
    ['web-prod-v1234567', 'web', 'prod', 'v1234567', 'web-prod-v1234567', null],
  ])('parses %s', (name, app, stack, detail, cluster, sequence) => {
    expect(parseServerGroupName(name)).toEqual({ app, stack, detail, cluster, sequence });
  });

  it.each(['', '-', 'we b', '-v000', 'a/b'])(
    'answers all nulls for %j and never throws',
    (name) => {
      expect(Object.values(parseServerGroupName(name))).toEqual([null, null, null, null, null]);
    },
  );

  it('gives back every part that a name was built from', () => {
    fc.assert(
      fc.property(
        fc.record({
          application: plain,
          stack: fc.option(versionless, { nil: undefined }),
          detail: fc.option(detailed, { nil: undefined }),
          sequence: fc.integer({ min: 0, max: 999 }),
        }),
        ({ application, stack, detail, sequence }) => {
          const cluster = clusterName({ application, stack, detail });
          expect(parseServerGroupName(formatServerGroupName(cluster, sequence))).toEqual({
            app: application,
            stack: stack ?? null,
            detail: detail ?? null,
            cluster,
            sequence,
          });
        },
      ),
    );
  });

  it('counts on from the highest and wraps after 999', () => {
    expect([null, 0, 41, 998, 999, 1234].map(nextSequence)).toEqual([0, 1, 42, 999, 0, 0]);
  });
});

describe('launch template names', () => {
  it('are legal for AWS, stable, and different for different server groups', () => {
    const legal = /^[A-Za-z0-9()./_-]{3,128}$/;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9._~^-]{1,255}$/), {
          minLength: 2,
          maxLength: 2,
        }),
        ([one = '', other = '']) => {
          expect(launchTemplateName(one)).toMatch(legal);
          expect(launchTemplateName(one)).toBe(launchTemplateName(one));
          expect(launchTemplateName(one)).not.toBe(launchTemplateName(other));
        },
      ),
    );
  });

  it('tell apart names that differ only in a character that AWS refuses', () => {
    expect(launchTemplateName('web-prod-a~b-v001')).not.toBe(
      launchTemplateName('web-prod-a^b-v001'),
    );
  });
});
