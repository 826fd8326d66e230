import { GennakerError } from '@gennaker/domain';
import { describe, expect, test } from 'vitest';

import { enough, plan, type Choice } from './canary-builder.js';
import { cluster, group, settings } from '../plan-builder.js';
import { blue, forward, green, rule } from '../../weights/rules.js';

function refusal(choice: Choice): string {
  try {
    plan(choice);
  } catch (error) {
    if (error instanceof GennakerError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'it was planned';
}

describe('a canary is refused', () => {
  test.each<readonly [string, Choice, RegExp]>([
    [
      'without a fleet to compare with',
      { facts: { cluster: cluster(group('web-prod-v000', { enabled: false })) } },
      /no server group serves that it could be compared with/,
    ],
    [
      'with two target groups',
      { facts: { source: { ...settings, targetGroupArns: [blue, green] } } },
      /web-prod-v000 has 2 target groups, and shares of requests are set for exactly one/,
    ],
    ['without a rule', { canary: { rules: [] } }, /no listener rule .* forwards to web-blue/],
    [
      'where a rule splits already',
      {
        canary: {
          rules: [
            rule({
              actions: [
                forward({
                  targetGroups: [
                    { targetGroupArn: blue, weight: 1 },
                    { targetGroupArn: green, weight: 1 },
                  ],
                }),
              ],
            }),
          ],
        },
      },
      /the rule .*: it sends requests to web-green too/,
    ],
    [
      'where a rule is not of an application load balancer',
      { canary: { rules: [rule({ arn: rule().arn.replace('/app/', '/net/') })] } },
      /it is not of an application load balancer/,
    ],
    [
      'where a rule that forwards to the source is not named',
      { strategy: { ruleArns: [`${rule().arn}9`] } },
      /forwards to the source and is not in ruleArns; the rule .* is in ruleArns and does not forward/,
    ],
    [
      'with more rules than a stage may change',
      {
        canary: {
          rules: Array.from({ length: 7 }, (_, at) => rule({ arn: `${rule().arn}${at}` })),
        },
      },
      /7 rules forward to web-blue, at most 6/,
    ],
    [
      'where a rule could not be written back',
      { canary: { rules: [rule({ unknownFields: ['Actions[0].New'] })] } },
      /fields that this release does not know: Actions\[0\]\.New/,
    ],
    [
      'where a step would show too little',
      { canary: { expectations: [{ enough: false, reason: '300 minutes would do' }, enough] } },
      /step 10 %: 300 minutes would do\. Change share or duration/,
    ],
    [
      'where the old image is not known for a fresh baseline',
      { facts: { cluster: cluster(group('web-prod-v000', { imageId: null })) } },
      /no fresh baseline can be made: use baseline running/,
    ],
  ])('%s', (_name, choice, expected) => {
    expect(refusal(choice)).toMatch(expected);
    expect(refusal(choice)).toMatch(/^INVALID_REQUEST: A canary cannot be planned: /);
  });

  test('unless too little traffic is accepted, which the plan then says', () => {
    const canary = { expectations: [{ enough: false, reason: '300 minutes would do' }, enough] };
    const planned = plan({ canary, strategy: { acceptTooLittleTraffic: true } });
    expect(planned.warnings).toContain('Step 10 %: 300 minutes would do.');
  });
});
