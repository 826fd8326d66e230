import { planDeploy, ruleLocksOf } from '@gennaker/domain';
import { describe, expect, it, test } from 'vitest';
import { blueGreenFacts, greenGroup, ruleAt, weights } from './blue-green-builder.js';
import { blue, forward, green, listenerArn, rule, ruleArn } from '../../weights/rules.js';
import { stepOf } from '../step-of.js';

type Changes = Parameters<typeof blueGreenFacts>[0];
const planOf = (changes: Changes = {}) => planDeploy(blueGreenFacts(changes));
const idsOf = (changes: Changes = {}) => planOf(changes).steps.map((step) => step.id);

describe('the plan of a blue/green', () => {
  it('names the steps for people and machines', () => {
    expect(planOf().steps.map((step) => [step.id, step.operation, step.title])).toEqual([
      ['create', 'createServerGroup', 'Create web-prod-v001 at 0/0/0 from web-prod-v000'],
      ['pin:web-prod-v000', 'pinServerGroup', 'Pin the minimum of web-prod-v000 at 3'],
      ['resize', 'resizeServerGroup', 'Resize web-prod-v001 to 3/3/6'],
      ['healthy', 'awaitHealthy', 'Wait until 3 of 3 instances of web-prod-v001 are healthy'],
      ['record', 'recordWeights', 'Record on web-prod-v001 which weights it is about to get'],
      [
        'match',
        'matchServerGroup',
        'See that web-prod-v001 covers web-prod-v000 as it is by now, in every zone',
      ],
      [
        'weights:100',
        'setRuleWeights',
        'Give 100 % of the requests of the rule web-prod/f2f7dc8efc522ab2/9683b2d02a6cabee to web-prod-v001',
      ],
      [
        'verify:weights',
        'verifyRuleWeights',
        'Verify that web-prod-v001 gets 100 % of the requests of the rule web-prod/f2f7dc8efc522ab2/9683b2d02a6cabee',
      ],
      [
        'verify',
        'verifyDeploy',
        'Verify that web-prod-v001 serves with at least 3 healthy instances',
      ],
      ['unpin:web-prod-v001', 'unpinServerGroup', 'Set the minimum of web-prod-v001 to 2 again'],
      [
        'warm:web-prod-v000',
        'keepWarm',
        'Keep web-prod-v000 in service without requests for 3600 s',
      ],
    ]);
  });

  it('puts the new group behind the idle target group alone, at weight 0 until it is healthy', () => {
    const { target, steps, disables, weights: planned } = planOf();
    expect(target.targetGroupArns).toEqual([green]);
    expect(stepOf(steps, 'createServerGroup').weightless).toEqual([green]);
    expect(disables).toEqual([]);
    expect(planned).toEqual({
      from: blue,
      to: green,
      warmSeconds: 3600,
      rules: [
        {
          ruleArn,
          listenerArn,
          title: 'rule web-prod/f2f7dc8efc522ab2/9683b2d02a6cabee',
          before: 'web-blue 100, web-green 0',
          after: 'web-blue 0, web-green 100',
        },
      ],
    });
    const weightsAt = steps.findIndex((step) => step.operation === 'setRuleWeights');
    const healthyAt = steps.findIndex((step) => step.operation === 'awaitHealthy');
    expect(healthyAt).toBeLessThan(weightsAt);
  });

  it('goes the other way where green serves', () => {
    const { target, steps } = planOf({
      weights: { rules: [ruleAt(0, 1)] },
      serverGroups: [greenGroup('web-prod-v000')],
    });
    expect(target.targetGroupArns).toEqual([blue]);
    expect(stepOf(steps, 'setRuleWeights').change).toMatchObject({
      weights: [
        { targetGroupArn: green, weight: 0 },
        { targetGroupArn: blue, weight: 100 },
      ],
    });
  });

  it('guards every share by what the source has by then, in every zone', () => {
    const { steps } = planOf();
    expect(stepOf(steps, 'setRuleWeights').guards).toEqual([
      {
        targetGroupArn: green,
        serverGroup: 'web-prod-v001',
        instancesHealthyMin: 3,
        coveringPercent: 100,
        zoneFloorPercent: 90,
        replaces: 'web-prod-v000',
      },
    ]);
    const given = planOf({
      stage: { capacity: { min: 2, desired: 2, max: 2 }, zoneFloorPercent: 0 },
    });
    expect(stepOf(given.steps, 'setRuleWeights').guards).toEqual([
      {
        targetGroupArn: green,
        serverGroup: 'web-prod-v001',
        instancesHealthyMin: 2,
        replaces: 'web-prod-v000',
      },
    ]);
  });

  it('gives requests back, from any share, to what had them, as soon as that is good enough', () => {
    const weightSteps = [{ percent: 10 }, { percent: 50 }];
    const { steps } = planOf({ strategy: { weightSteps } });
    const first = stepOf(steps, 'setRuleWeights', 'weights:10');
    expect(first.undo?.change).toMatchObject({
      weights: weights(100, 0),
      expected: [weights(90, 10), weights(50, 50), weights(0, 100)],
    });
    expect(first.undo?.guards).toEqual([
      {
        targetGroupArn: blue,
        serverGroup: 'web-prod-v000',
        instancesHealthyMin: 3,
        relieves: 'web-prod-v001',
      },
    ]);
    expect(stepOf(steps, 'setRuleWeights', 'weights:50').undo).toBeNull();
  });

  it('adds an idle target group that a rule lacks, before anything else', () => {
    const only = rule({
      actions: [forward({ targetGroups: [{ targetGroupArn: blue, weight: 1 }] })],
    });
    expect(idsOf({ weights: { rules: [only] } })[0]).toBe('colour');
  });

  it('switches every rule of the stage, in its order', () => {
    const rules = [ruleAt(100, 0), { ...ruleAt(1, 0), arn: listenerArn, priority: 'default' }];
    const plan = planOf({
      strategy: { ruleArns: [listenerArn, ruleArn], weightSteps: [{ percent: 50 }] },
      weights: { rules },
    });
    expect(plan.steps.map((step) => step.id).filter((id) => id.startsWith('weights:'))).toEqual([
      'weights:50:1',
      'weights:50:2',
      'weights:100:1',
      'weights:100:2',
    ]);
    expect(plan.weights?.rules.map((one) => one.ruleArn)).toEqual([ruleArn, listenerArn]);
    expect(stepOf(plan.steps, 'recordWeights').weights).toHaveLength(2);
  });
});

test('a stage locks the rules that it switches, and no other stage locks any', () => {
  const { stage } = blueGreenFacts();
  expect(ruleLocksOf(stage)).toEqual([{ account: 'main', region: 'eu-west-1', arn: ruleArn }]);
  expect(ruleLocksOf({ ...stage, strategy: { type: 'redBlack' } })).toEqual([]);
  expect(ruleLocksOf({ ...stage, type: 'wait', waitSeconds: 1 })).toEqual([]);
});

describe('the shares of a blue/green', () => {
  it('are held for their pauses, by time', () => {
    const weightSteps = [{ percent: 10, pauseSeconds: 60 }, { percent: 50 }];
    const ids = idsOf({ strategy: { weightSteps } });
    expect(ids.slice(ids.indexOf('match') + 1, ids.indexOf('verify:weights'))).toEqual([
      'weights:10',
      'pause:10',
      'weights:50',
      'weights:100',
    ]);
  });

  it('are gated by alarms before the first, during each pause, and while it bakes', () => {
    const { steps } = planOf({
      strategy: {
        weightSteps: [
          { percent: 10, pauseSeconds: 60 },
          { percent: 100, pauseSeconds: 5 },
        ],
        alarms: ['errors'],
        bakeSeconds: 30,
      },
      facts: { alarms: [{ name: 'errors', state: 'OK', reason: '' }] },
    });
    const watches = steps.filter((step) => step.operation === 'watchAlarms');
    expect(watches.map((step) => [step.id, step.watchSeconds])).toEqual([
      ['alarms:switch', 0],
      ['alarms:10', 60],
      ['alarms:100', 5],
      ['bake', 30],
    ]);
  });

  it('refuse pauses that take longer than the stage has', () => {
    const weightSteps = [{ percent: 10, pauseSeconds: 600 }];
    expect(() => planOf({ strategy: { weightSteps } })).toThrow(
      /pauses of stage deploy take 600 s, and its timeoutSeconds is 600/,
    );
  });
});

describe('a blue/green where nothing serves behind the active target group', () => {
  it('puts the cluster’s first group there, and changes no weight', () => {
    const {
      steps,
      target,
      source,
      weights: planned,
      warnings,
    } = planOf({
      serverGroups: [],
      stage: {
        capacity: { min: 1, desired: 1, max: 1 },
        launch: {
          instanceType: 'm7g.large',
          subnetIds: ['subnet-1'],
          securityGroupIds: [],
          targetGroupArns: [],
          healthCheckType: 'ELB',
        },
      },
      facts: { source: null },
    });
    expect(source).toBeNull();
    expect(target.targetGroupArns).toEqual([blue]);
    expect(steps.map((step) => step.id)).toEqual(['create', 'resize', 'healthy', 'verify']);
    expect(planned).toMatchObject({ from: blue, to: blue, warmSeconds: 0 });
    expect(planned?.rules[0]).toMatchObject({ before: 'web-blue 100, web-green 0' });
    expect(planned?.rules[0]?.after).toBe(planned?.rules[0]?.before);
    expect(warnings.join(' ')).toContain('Nothing serves behind web-blue');
  });

  it('does so, too, where all groups are disabled', () => {
    const off = greenGroup('web-prod-v000', { enabled: false });
    const { target, source } = planOf({ serverGroups: [off] });
    expect(source?.serverGroup).toBe('web-prod-v000');
    expect(target.targetGroupArns).toEqual([blue]);
  });
});

describe('what is carried over to the other colour', () => {
  it('watches and tracks the new target group', () => {
    const label = (arn: string) => `app/web-prod/1/${arn.slice(arn.indexOf('targetgroup/'))}`;
    const given = blueGreenFacts();
    const carriedOver = {
      group: {
        members: {},
        mixedInstances: null,
        enabledMetrics: [],
        warmPool: null,
      },
      lifecycleHooks: [],
      notifications: [],
      scheduledActions: [],
      alarms: [],
      policies: [
        {
          arn: 'arn:policy',
          name: 'track',
          type: 'TargetTrackingScaling',
          alarms: [],
          members: {
            TargetTrackingConfiguration: {
              PredefinedMetricSpecification: {
                PredefinedMetricType: 'ALBRequestCountPerTarget',
                ResourceLabel: label(blue),
              },
            },
          },
        },
      ],
    };
    const source = given.source === null ? null : { ...given.source, carriedOver };
    const plan = planDeploy({ ...given, source });
    expect(JSON.stringify(plan.target.carriedOver?.scaling.policies)).toContain(label(green));
  });
});
