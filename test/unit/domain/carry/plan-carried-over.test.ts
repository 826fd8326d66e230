import {
  carriedOverBounds,
  carriedOverNotes,
  carriedOverRefusals,
  planCarriedOver,
  type SourceCarriedOver,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { alarm, carry, nightly, now, policy, policyArn, source, topic } from './carry-builder.js';

function scalingOf(from: SourceCarriedOver) {
  return planCarriedOver(carry(from)).scaling;
}

function notesOf(from: SourceCarriedOver, instanceType: string | null = null): readonly string[] {
  const facts = carry(from, { instanceType });
  const planned = planCarriedOver(facts);
  return carriedOverNotes(facts, { planned, suspendedProcesses: [], timeoutSeconds: 3_600 });
}

function namesRefused(from: SourceCarriedOver, instanceType: string | null = null): string[] {
  return carriedOverRefusals(from, instanceType).map(({ name }) => name);
}

describe('the alarms of a copy', () => {
  it('act on the new policy, watch the new group, and are named after it', () => {
    const from = source({ policies: [policy('up')], alarms: [alarm('web-v000-cpu-high', 'up')] });
    expect(scalingOf(from).alarms).toEqual([
      {
        name: 'web-v001-cpu-high',
        copiedFrom: 'web-v000-cpu-high',
        members: {
          Namespace: 'AWS/EC2',
          MetricName: 'CPUUtilization',
          Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'web-v001' }],
          Threshold: 80,
        },
        actions: { alarm: [{ policy: 'up' }], ok: [], insufficientData: [] },
        tags: {},
      },
    ]);
  });

  it.each([
    ['HighCPU', 'web-v001-HighCPU'],
    ['HighCPU-web-v000', 'web-v001-HighCPU'],
    ['web-v000', 'web-v001-alarm'],
    [`web-v000-${'x'.repeat(300)}`, `web-v001-${'x'.repeat(246)}`],
  ])('do not grow in name from copy to copy: %s', (oldName, newName) => {
    const from = source({ policies: [policy('up')], alarms: [alarm(oldName, 'up')] });
    expect(scalingOf(from).alarms[0]?.name).toBe(newName);
    expect(newName.length).toBeLessThanOrEqual(255);
  });

  it('have a name each, also where two would be the same', () => {
    const alarms = [
      alarm('web-v000-high', 'up'),
      alarm('high', 'up'),
      alarm('high-web-v000', 'up'),
    ];
    const names = scalingOf(source({ policies: [policy('up')], alarms })).alarms.map(
      ({ name }) => name,
    );
    expect(names).toEqual(['web-v001-high', 'web-v001-high-2', 'web-v001-high-3']);
  });

  it('also act on a shared topic, but not on the policy of another group; both are told by name', () => {
    const foreign = policyArn('up', 'api-v007');
    const actions = { alarm: [policyArn('up'), foreign, topic], ok: [topic], insufficientData: [] };
    const from = source({ policies: [policy('up')], alarms: [alarm('high', 'up', { actions })] });
    expect(scalingOf(from).alarms[0]?.actions).toEqual({
      alarm: [{ policy: 'up' }, { arn: topic }],
      ok: [{ arn: topic }],
      insufficientData: [],
    });
    expect(notesOf(from)).toEqual([
      `${topic} is acted on by the copies of alarms as by their originals: web-v001-high.`,
      `Alarm high acts on policies of other server groups, too, which its copy web-v001-high does not: ${foreign}.`,
    ]);
  });

  it('follow the group into metric math, descriptions and the target group of another colour', () => {
    const arn = (name: string) =>
      `arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/${name}/0a1b`;
    const members = {
      AlarmDescription: 'CPU of web-v000, not of web-v0001 or my-web-v000-x',
      Metrics: [
        {
          Id: 'e1',
          Expression: `SEARCH('{AWS/EC2,AutoScalingGroupName} "web-v000"', 'Average')`,
        },
        {
          Id: 'm1',
          MetricStat: {
            Metric: {
              MetricName: 'RequestCountPerTarget',
              Dimensions: [
                { Name: 'TargetGroup', Value: 'targetgroup/blue/0a1b' },
                { Name: 'LoadBalancer', Value: 'app/web/99' },
              ],
            },
            Period: 60,
          },
        },
      ],
    };
    const from = source({
      policies: [
        policy('track', {
          type: 'TargetTrackingScaling',
          members: {
            TargetTrackingConfiguration: {
              PredefinedMetricSpecification: {
                PredefinedMetricType: 'ALBRequestCountPerTarget',
                ResourceLabel: 'app/web/99/targetgroup/blue/0a1b',
              },
              TargetValue: 100,
            },
          },
        }),
        policy('up'),
      ],
      alarms: [alarm('high', 'up', { members })],
    });
    const { scaling } = planCarriedOver(
      carry(from, {
        renames: {
          serverGroup: { from: 'web-v000', to: 'web-v001' },
          targetGroups: [{ from: arn('blue'), to: arn('green') }],
        },
      }),
    );
    expect(scaling.alarms[0]?.members).toMatchObject({
      AlarmDescription: 'CPU of web-v001, not of web-v0001 or my-web-v000-x',
      Metrics: [
        { Expression: `SEARCH('{AWS/EC2,AutoScalingGroupName} "web-v001"', 'Average')` },
        {
          MetricStat: {
            Metric: {
              Dimensions: [
                { Name: 'TargetGroup', Value: 'targetgroup/green/0a1b' },
                { Name: 'LoadBalancer', Value: 'app/web/99' },
              ],
            },
          },
        },
      ],
    });
    expect(JSON.stringify(scaling.policies)).toContain('app/web/99/targetgroup/green/0a1b');
  });

  it('are refused by name where they watch one instance of the old group, and left out where that is accepted', () => {
    const members = { Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }] };
    const from = source({
      policies: [policy('up')],
      alarms: [alarm('disk', 'up', { members }), alarm('cpu', 'up')],
    });
    expect(namesRefused(from)).toEqual(['alarm:disk']);
    expect(scalingOf(from).alarms.map(({ copiedFrom }) => copiedFrom)).toEqual(['cpu']);
  });
});

describe('scaling policies', () => {
  it('keep their names and everything that AWS shows, the mode of a predictive one included', () => {
    const predictive = policy('ahead', {
      type: 'PredictiveScaling',
      members: {
        Enabled: true,
        PredictiveScalingConfiguration: { Mode: 'ForecastOnly', SchedulingBufferTime: 300 },
      },
    });
    const { policies, alarms } = scalingOf(source({ policies: [predictive] }));
    expect(policies).toEqual([
      { name: 'ahead', type: 'PredictiveScaling', members: predictive.members },
    ]);
    expect(alarms).toEqual([]);
  });

  it('of a type that is not known are refused by name', () => {
    const from = source({ policies: [policy('odd', { type: 'QuantumScaling' }), policy('up')] });
    expect(carriedOverRefusals(from, null)).toEqual([
      { name: 'scalingPolicy:odd', value: 'its type QuantumScaling is not known' },
    ]);
    expect(scalingOf(from).policies.map(({ name }) => name)).toEqual(['up']);
  });

  it('beyond what a plan holds are refused by name', () => {
    const { policiesMax } = carriedOverBounds;
    const policies = Array.from({ length: policiesMax + 2 }, (_, index) => policy(`p${index}`));
    const from = source({ policies });
    expect(namesRefused(from)).toEqual(['scalingPolicy:p50', 'scalingPolicy:p51']);
    expect(scalingOf(from).policies).toHaveLength(policiesMax);
  });

  it('that are too much for a plan altogether are refused, and none of them is planned then', () => {
    const members = { AlarmDescription: 'x'.repeat(carriedOverBounds.scalingCharactersMax) };
    const from = source({ policies: [policy('up')], alarms: [alarm('high', 'up', { members })] });
    expect(namesRefused(from)).toEqual(['scaling']);
    expect(scalingOf(from)).toMatchObject({ policies: [], alarms: [], scheduledActions: [] });
  });
});

describe('scheduled actions', () => {
  it('are copied while they will act again; what is over is dropped and named', () => {
    const from = source({
      scheduledActions: [
        nightly(),
        nightly({ name: 'once', recurrence: null, startAt: '2026-03-06T18:00:00.000Z' }),
        nightly({ name: 'was', recurrence: null, startAt: '2026-03-06T15:59:59.000Z' }),
        nightly({ name: 'ended', endAt: now }),
      ],
    });
    expect(scalingOf(from).scheduledActions.map(({ name }) => name)).toEqual(['night', 'once']);
    expect(notesOf(from)).toEqual([
      'Scheduled actions that will not act again are not copied: was, ended.',
    ]);
  });

  it('that are due in the middle of the deploy are told beforehand', () => {
    const from = source({ scheduledActions: [nightly({ startAt: '2026-03-06T16:30:00.000Z' })] });
    expect(notesOf(from)).toEqual([
      expect.stringMatching(/^Scheduled action night is due at 2026-03-06T16:30:00\.000Z, perhaps/),
    ]);
  });

  it('do not act where the source has that suspended, and this is told', () => {
    const facts = carry(source({ policies: [policy('up')], scheduledActions: [nightly()] }));
    const notes = carriedOverNotes(facts, {
      planned: planCarriedOver(facts),
      suspendedProcesses: ['AlarmNotification', 'ScheduledActions'],
      timeoutSeconds: 60,
    });
    expect(notes).toEqual([
      'AlarmNotification is suspended on the new server group as on the old one: its scaling policies do not act.',
      'ScheduledActions is suspended on the new server group as on the old one: its scheduled actions do not act.',
    ]);
  });
});

describe('a mixed instances policy', () => {
  const distribution = {
    OnDemandBaseCapacity: 1,
    SpotAllocationStrategy: 'price-capacity-optimized',
  };
  const mixed = (
    overrides: NonNullable<SourceCarriedOver['group']['mixedInstances']>['overrides'],
  ) =>
    source({
      group: {
        members: {},
        mixedInstances: { distribution, overrides },
        enabledMetrics: [],
        warmPool: null,
      },
    });

  it('keeps its shares and its overrides in their order', () => {
    const overrides = [{ InstanceType: 'm5.large' }, { InstanceType: 'm5a.large' }];
    const from = mixed(overrides);
    expect(namesRefused(from)).toEqual([]);
    expect(planCarriedOver(carry(from)).mixedInstances).toEqual({ distribution, overrides });
  });

  it("gives way to the stage's instance type, which is told", () => {
    const from = mixed([{ InstanceType: 'm5.large' }, { InstanceType: 'm5a.large' }]);
    const planned = planCarriedOver(carry(from, { instanceType: 'c7i.large' }));
    expect(planned.mixedInstances).toEqual({ distribution, overrides: [] });
    expect(notesOf(from, 'c7i.large')).toEqual([
      "The stage's instance type c7i.large takes the place of the mixed instances policy's 2 overrides; its shares of On-Demand and Spot stay.",
    ]);
  });

  it('is refused where an override would not launch the new image, or sizes count weights', () => {
    const from = mixed([
      { InstanceType: 'm5.large', WeightedCapacity: '2' },
      {
        InstanceType: 'm7g.large',
        WeightedCapacity: '2',
        LaunchTemplateSpecification: { LaunchTemplateId: 'lt-arm', Version: '1' },
      },
      { InstanceType: 'c5.large', WeightedCapacity: '1', ImageId: 'ami-old' },
    ]);
    expect(namesRefused(from)).toEqual([
      'mixedInstancesPolicy.weightedCapacity',
      'mixedInstancesPolicy.launchTemplate:m7g.large',
      'mixedInstancesPolicy.imageId:c5.large',
    ]);
    expect(namesRefused(from, 'm5.large')).toEqual(['mixedInstancesPolicy.weightedCapacity']);
    expect(planCarriedOver(carry(from)).mixedInstances?.overrides).toEqual([
      { InstanceType: 'm5.large' },
      { InstanceType: 'm7g.large' },
      { InstanceType: 'c5.large' },
    ]);
  });
});
