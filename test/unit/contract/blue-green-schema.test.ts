import { pipelineSchema } from '@gennaker/contract';
import { describe, expect, it } from 'vitest';

const elb = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const blue = `${elb}:targetgroup/web-blue/1111111111111111`;
const green = `${elb}:targetgroup/web-green/2222222222222222`;
const listener = `${elb}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`;

function parsed(
  strategy: Readonly<Record<string, unknown>>,
  stage: Readonly<Record<string, unknown>> = {},
) {
  return pipelineSchema.safeParse({
    schemaVersion: 1,
    application: 'web',
    name: 'blue-green',
    stages: [
      {
        refId: 'deploy',
        type: 'deploy',
        name: 'Deploy',
        account: 'main',
        region: 'eu-west-1',
        image: { imageId: 'ami-0123456789abcdef0' },
        strategy: {
          type: 'blueGreen',
          targetGroupArns: [blue, green],
          ruleArns: [listener],
          ...strategy,
        },
        ...stage,
      },
    ],
  });
}

/** `path: message` of each fault. */
function faultsOf(...given: Parameters<typeof parsed>): readonly string[] {
  const { error } = parsed(...given);
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`);
}

describe('a blue/green by shape', () => {
  it('is taken with rules and default actions, steps, alarms and a warm time', () => {
    const rule = `${elb}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`;
    const strategy = {
      ruleArns: [rule, listener],
      weightSteps: [{ percent: 1 }, { percent: 50, pauseSeconds: 600 }, { percent: 100 }],
      alarms: ['web-5xx'],
      bakeSeconds: 60,
      warmSeconds: 0,
      acceptWeights: ['web-blue 90, web-green 10'],
    };
    expect(faultsOf(strategy)).toEqual([]);
  });

  it.each([
    ['one target group', { targetGroupArns: [blue] }, 'with one there is nothing to switch'],
    ['one twice', { targetGroupArns: [blue, blue] }, 'two different target groups'],
    ['a name', { targetGroupArns: ['web-blue', green] }, 'the ARN of a target group'],
    ['no rule', { ruleArns: [] }, 'ruleArns'],
    ['a rule twice', { ruleArns: [listener, listener] }, 'each rule once'],
    [
      'a network load balancer',
      { ruleArns: [listener.replace('/app/', '/net/')] },
      'use the strategy redBlack',
    ],
    ['steps that fall', { weightSteps: [{ percent: 50 }, { percent: 10 }] }, 'must rise'],
    ['a bake without alarms', { bakeSeconds: 5 }, 'name them in alarms'],
  ])('is refused with %s', (_, strategy, words) => {
    expect(faultsOf(strategy).join('\n')).toContain(words);
  });

  it('is refused with ARNs of another region, naming each', () => {
    const faults = faultsOf({}, { region: 'eu-central-1' });
    expect(faults).toEqual([
      'strategy.targetGroupArns.0: an ARN of region eu-central-1',
      'strategy.targetGroupArns.1: an ARN of region eu-central-1',
      'strategy.ruleArns.0: an ARN of region eu-central-1',
    ]);
  });

  it('is refused with target groups for the first server group besides its own', () => {
    const launch = { instanceType: 'm7g.large', subnetIds: ['subnet-1'], targetGroupArns: [blue] };
    expect(faultsOf({}, { launch })).toEqual([
      'launch.targetGroupArns: leave this out: the strategy names the target groups',
    ]);
  });
});
