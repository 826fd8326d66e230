import {
  moveSteps,
  restSteps,
  restWeights,
  verifyWeightsSteps,
  weightsAtPercent,
  type PlanStep,
  type WeightSwitch,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { blue, forward, green, listenerArn, rule, ruleArn } from '../../weights/rules.js';

const at = (percent: number) => weightsAtPercent({ from: blue, to: green }, percent);
const way = { percents: [10, 50, 100], guard: { instancesHealthyMin: 3, replaces: 'web-v000' } };

function move(changes: Partial<WeightSwitch> = {}): WeightSwitch {
  return {
    cluster: { account: 'main', region: 'eu-west-1', cluster: 'web' },
    rules: [rule()],
    from: { targetGroupArn: blue, serverGroup: 'web-v000', instancesHealthyMin: 3 },
    to: { targetGroupArn: green, serverGroup: 'web-v001', instancesHealthyMin: 3 },
    ...changes,
  };
}

type WeightStep = Extract<PlanStep, { operation: 'setRuleWeights' }>;
function weightStep(steps: readonly PlanStep[]): WeightStep {
  const [step] = steps;
  if (step?.operation !== 'setRuleWeights') throw new Error('no step of weights');
  return step;
}

const only = (weight: number) => [{ targetGroupArn: blue, weight }];

describe('a rule before a switch of its weights', () => {
  it('has nothing done to it where the idle target group is there at weight 0', () => {
    expect(restSteps(move())).toEqual([]);
  });

  it('gets the idle target group at weight 0, which an undo takes out again', () => {
    const simple = rule({ actions: [forward({ targetGroups: only(1) })] });
    const step = weightStep(restSteps(move({ rules: [simple] })));
    const rest = [...only(1), { targetGroupArn: green, weight: 0 }];
    expect(step).toMatchObject({
      id: 'colour',
      rule: { account: 'main', region: 'eu-west-1', arn: ruleArn },
      change: { captured: simple, weights: rest, expected: [only(1)] },
      guards: [],
      undo: { change: { captured: simple, weights: only(1), expected: [rest] }, guards: [] },
    });
    expect(step.title).toMatch(/^Add web-green to the rule .* at weight 0$/);
  });

  it('loses an accepted weight of the idle target group for good, once what serves can take it', () => {
    const mixed = rule({ actions: [forward({ targetGroups: at(10) })] });
    const step = weightStep(restSteps(move({ rules: [mixed] })));
    expect(step.title).toMatch(/^Set web-green from weight 10 to 0 in the rule/);
    expect(step.change).toMatchObject({
      weights: [
        { targetGroupArn: blue, weight: 90 },
        { targetGroupArn: green, weight: 0 },
      ],
      expected: [at(10)],
    });
    expect(step.guards).toEqual([
      {
        targetGroupArn: blue,
        serverGroup: 'web-v000',
        instancesHealthyMin: 3,
        relieves: 'web-v001',
      },
    ]);
    expect(step.undo).toBeNull();
  });
});

describe('a switch in steps', () => {
  it('goes from each share to the next, and only from that one', () => {
    const steps = way.percents.flatMap((_, index) => moveSteps(move(), way, index));
    expect(steps.map((step) => step.id)).toEqual(['weights:10', 'weights:50', 'weights:100']);
    expect(steps).toMatchObject([
      { change: { weights: at(10), expected: [at(0)] } },
      { change: { weights: at(50), expected: [at(10)] } },
      { change: { weights: at(100), expected: [at(50)] } },
    ]);
    expect(weightStep(steps).title).toMatch(
      /^Give 10 % of the requests of the rule .* to web-v001$/,
    );
    expect(weightStep(steps).guards).toEqual([
      { targetGroupArn: green, serverGroup: 'web-v001', ...way.guard },
    ]);
  });

  it('is undone by its first step, from wherever it is, to the weights at rest', () => {
    const one = rule({ actions: [forward({ targetGroups: only(1) })] });
    const [first, second] = way.percents.map((_, index) =>
      weightStep(moveSteps(move({ rules: [one] }), way, index)),
    );
    expect(first?.undo).toMatchObject({
      change: {
        captured: one,
        weights: restWeights(one, green),
        expected: [at(10), at(50), at(100)],
      },
      guards: [{ targetGroupArn: blue, serverGroup: 'web-v000', relieves: 'web-v001' }],
    });
    expect(first?.change.expected).toEqual([restWeights(one, green)]);
    expect(second?.undo).toBeNull();
  });

  it('tells the rules of a stage apart, and makes one step for each', () => {
    const rules = [rule(), rule({ arn: listenerArn, priority: 'default' })];
    const steps = moveSteps(move({ rules }), way, 2);
    expect(steps.map((step) => step.id)).toEqual(['weights:100:1', 'weights:100:2']);
    expect(steps).toMatchObject([{ rule: { arn: ruleArn } }, { rule: { arn: listenerArn } }]);
    expect(verifyWeightsSteps(move({ rules }), 100)).toMatchObject([
      { id: 'verify:weights:1', operation: 'verifyRuleWeights', change: { weights: at(100) } },
      { id: 'verify:weights:2', rule: { arn: listenerArn } },
    ]);
  });

  it('has no step beyond its last share', () => {
    expect(moveSteps(move(), way, 3)).toEqual([]);
  });
});
