import { pipelineSchema } from '@gennaker/contract';
import { expect, test } from 'vitest';

const group = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web';

const strategies = [
  [{ type: 'none' }, true],
  [{ type: 'redBlack' }, true],
  [{ type: 'rollingRedBlack' }, true],
  [{ type: 'rolling' }, false],
  [
    {
      type: 'blueGreen',
      targetGroupArns: [`${group}-blue/1111111111111111`, `${group}-green/2222222222222222`],
      ruleArns: ['arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/web/1/2'],
    },
    false,
  ],
  [{ type: 'canary', steps: [{ weightPercent: 10, pause: { minutes: 30 } }] }, false],
] as const;

function faults(strategy: object, onFailure: string): readonly string[] {
  const deploy = {
    refId: 'deploy',
    name: 'Deploy',
    type: 'deploy',
    account: 'demo',
    region: 'eu-west-1',
    image: { imageId: 'ami-0123456789abcdef0' },
    timeoutSeconds: 86_400,
    strategy,
    onFailure,
  };
  const pipeline = { schemaVersion: 1, application: 'web', name: 'test', stages: [deploy] };
  const { error } = pipelineSchema.safeParse(pipeline);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('/')}: ${message}`);
}

test.each(strategies)('$0.type may keep what has failed: $1', (strategy, mayKeep) => {
  expect(faults(strategy, 'destroy')).toEqual([]);
  const refusals = faults(strategy, 'keepDisabled').filter((fault) =>
    /^stages\/0\/onFailure: .* can keep what has failed/.test(fault),
  );
  expect(refusals).toHaveLength(mayKeep ? 0 : 1);
});

test('another word is refused', () => {
  expect(faults({ type: 'none' }, 'keep')).toHaveLength(1);
});
