import {
  planDeploy,
  type DeployFacts,
  type DeployPlan,
  type DeployStage,
  type InstanceRefreshView,
  type PlanStep,
  type RefreshFacts,
  type RollingStrategy,
  type ServerGroupView,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, facts, group, serving, settings, stage } from '../plan-builder.js';
import { wayBackPreferences } from '../../refreshes/way-back.js';

const refresh: RefreshFacts = {
  launch: {
    launchTemplateId: 'lt-1',
    version: '4',
    specified: '4',
    latestVersion: '6',
    imageId: 'ami-1',
    madeBy: null,
    mixedInstancesPolicy: null,
  },
  latestFollowers: [],
  active: null,
  alarms: [],
  warmupSeconds: 120,
};

interface Varied {
  readonly strategy?: Omit<RollingStrategy, 'type'>;
  readonly stage?: Partial<DeployStage>;
  readonly refresh?: Partial<RefreshFacts>;
  readonly source?: Partial<ServerGroupView>;
  readonly settings?: Partial<NonNullable<DeployFacts['source']>>;
  readonly others?: readonly ServerGroupView[];
}

function plan(varied: Varied = {}): DeployPlan {
  const source = group('web-prod-v003', varied.source);
  const strategy: RollingStrategy = { type: 'rolling', ...varied.strategy };
  return planDeploy(
    facts({
      stage: { ...stage, timeoutSeconds: 7200, strategy, ...varied.stage },
      cluster: cluster(...(varied.others ?? []), source),
      serverGroup: 'web-prod-v003',
      source: { ...settings, ...varied.settings },
      refresh: { ...refresh, ...varied.refresh },
    }),
  );
}

function step<Operation extends PlanStep['operation']>(made: DeployPlan, operation: Operation) {
  const found = made.steps.find((one) => one.operation === operation);
  return found as Extract<PlanStep, { operation: Operation }> | undefined;
}

const active: InstanceRefreshView = {
  refreshId: 'r-9',
  status: 'InProgress',
  statusReason: null,
  startedAt: '2026-01-02T00:00:00.000Z',
  endedAt: null,
  percentComplete: 20,
  instancesToUpdate: 2,
  desired: null,
  rollbackReason: null,
};

describe('the plan of a rolling deploy', () => {
  it('keeps the server group, and names its end by image', () => {
    const made = plan({ others: [group('web-prod-v002', { enabled: false })] });
    const capacity = { min: 2, desired: 3, max: 6 };
    expect(made).toMatchObject({
      strategy: 'rolling',
      source: { serverGroup: 'web-prod-v003', imageId: 'ami-1' },
      target: { serverGroup: 'web-prod-v003', imageId: 'ami-2', capacity },
      disables: [],
      promise: {
        instancesServingMin: 3,
        succeeded: {
          serverGroups: [
            { serverGroup: 'web-prod-v002', state: 'disabled', capacity },
            { serverGroup: 'web-prod-v003', state: 'enabled', capacity, imageId: 'ami-2' },
          ],
        },
        undone: {
          serverGroups: [
            { serverGroup: 'web-prod-v002', state: 'disabled', capacity },
            { serverGroup: 'web-prod-v003', state: 'enabled', capacity, imageId: 'ami-1' },
          ],
        },
      },
      warnings: [],
    });
  });

  it('waits its turn, pins what could shrink, makes a version, refreshes, and unpins', () => {
    expect(plan().steps.map(({ id, title }) => [id, title])).toEqual([
      ['clear', 'Wait until no other instance refresh of web-prod-v003 is active'],
      ['pin:web-prod-v003', 'Pin the minimum of web-prod-v003 at 3'],
      ['version', 'Make a version of lt-1:4 with image ami-2'],
      ['refresh', 'Start replacing the 3 instances of web-prod-v003 at 100 to 110 %'],
      ['replaced', 'Wait until all 3 instances of web-prod-v003 run image ami-2'],
      ['verify', 'Verify that web-prod-v003 serves with at least 3 healthy instances'],
      ['unpin:web-prod-v003', 'Set the minimum of web-prod-v003 to 2 again'],
    ]);
    const steady = plan({ source: { capacity: { min: 3, desired: 3, max: 6 } } });
    expect(steady.steps.map(({ id }) => id)).toEqual([
      'clear',
      'version',
      'refresh',
      'replaced',
      'verify',
    ]);
  });

  it('keeps the size, also while another refresh has more in service', () => {
    const made = plan({ source: { instances: serving(6) } });
    expect(made.target.capacity).toEqual({ min: 2, desired: 3, max: 6 });
    expect(made.promise?.instancesServingMin).toBe(3);
  });

  it('takes the safe defaults: nothing is ended before its replacement serves', () => {
    expect(step(plan(), 'startInstanceRefresh')?.preferences).toEqual({
      minHealthyPercent: 100,
      maxHealthyPercent: 110,
      instanceWarmupSeconds: null,
      checkpointPercents: [],
      checkpointDelaySeconds: null,
      bakeSeconds: 0,
      alarms: [],
      autoRollback: true,
      skipMatching: true,
    });
  });

  it('takes what the stage says, and completes the checkpoints', () => {
    const made = plan({
      strategy: {
        minHealthyPercent: 50,
        maxHealthyPercent: 100,
        instanceWarmupSeconds: 30,
        checkpoints: [
          { percent: 10, delaySeconds: 600 },
          { percent: 50, delaySeconds: 600 },
        ],
        bakeSeconds: 60,
        alarms: ['5xx'],
        skipMatching: false,
      },
      refresh: { alarms: [{ name: '5xx', state: 'OK' }] },
      source: { capacity: { min: 10, desired: 10, max: 10 }, instances: serving(10) },
    });
    expect(step(made, 'startInstanceRefresh')).toMatchObject({
      title:
        'Start replacing the 10 instances of web-prod-v003 at 50 to 100 %, pausing at 10, 50 %',
      preferences: {
        minHealthyPercent: 50,
        maxHealthyPercent: 100,
        instanceWarmupSeconds: 30,
        checkpointPercents: [10, 50, 100],
        checkpointDelaySeconds: 600,
        bakeSeconds: 60,
        alarms: ['5xx'],
        skipMatching: false,
      },
    });
    expect(step(made, 'awaitInstanceRefresh')?.instancesFloor).toBe(5);
    expect(made.promise?.instancesServingMin).toBe(5);
  });

  it('goes back faster, without pauses, and has time for it', () => {
    const instances = serving(20);
    const made = plan({
      strategy: { checkpoints: [{ percent: 50, delaySeconds: 600 }], bakeSeconds: 60 },
      source: { capacity: { min: 20, desired: 20, max: 20 }, instances },
    });
    expect(step(made, 'createLaunchTemplateVersion')?.undo).toEqual({
      preferences: wayBackPreferences,
      // Ten batches of two, each 120 s warm-up and five minutes to launch and drain, three times over.
      secondsMax: 3 * 10 * 420,
    });
  });

  it('does not promise a rollback by AWS to an image that is a parameter', () => {
    const made = plan({
      refresh: { launch: { ...refresh.launch, imageId: 'resolve:ssm:/images/web' } },
    });
    expect(step(made, 'startInstanceRefresh')?.preferences.autoRollback).toBe(false);
    expect(made.warnings).toEqual([expect.stringContaining('cannot roll back by itself')]);
  });

  it('warns of what will be waited for, of what changes besides, and of too little time', () => {
    const instances = serving(3).map((one, index) => ({
      ...one,
      ...(index === 0 && { lifecycleState: 'Standby' }),
      ...(index === 1 && { protectedFromScaleIn: true }),
    }));
    const made = plan({
      stage: { timeoutSeconds: 500 },
      refresh: { active, launch: { ...refresh.launch, specified: '$Latest' } },
      source: { instances, imageId: 'ami-2' },
    });
    expect(made.warnings).toEqual([
      expect.stringContaining('r-9 (since 2026-01-02T00:00:00.000Z, 20 %, InProgress)'),
      expect.stringContaining('In standby, and waited for up to an hour: i-0.'),
      expect.stringContaining('Protected from scale-in, and waited for up to an hour: i-1.'),
      expect.stringContaining('follows $Latest (now 4)'),
      expect.stringContaining('has image ami-2 already'),
      'Replacing 3 instances takes about 1260 s, the stage has 500 s.',
    ]);
  });
});

describe('a rolling deploy is refused', () => {
  const refused = (varied: Varied) => () => plan(varied);

  it('where nothing would be replaced that serves', () => {
    expect(refused({ source: { enabled: false } })).toThrow(/it is disabled/);
    expect(refused({ others: [group('web-prod-v002')] })).toThrow(
      /web-prod-v002 would go on serving the old version/,
    );
    expect(() =>
      planDeploy(
        facts({
          stage: { ...stage, strategy: { type: 'rolling' } },
          cluster: cluster(group('web-prod-v000')),
          serverGroup: 'web-prod-v000',
        }),
      ),
    ).toThrow(/no server group whose instances/);
  });

  it.each(['Launch', 'Terminate', 'InstanceRefresh'])('while %s is suspended', (process) => {
    expect(refused({ source: { suspendedProcesses: [process] } })).toThrow(
      new RegExp(`${process} is suspended.*redBlack`),
    );
  });

  it('where Auto Scaling does not ask the load balancer', () => {
    const unchecked = { settings: { healthCheckType: 'EC2' } };
    expect(refused(unchecked)).toThrow(/health checks are EC2 only.*redBlack/);
    const alone = { healthCheckType: 'EC2', targetGroupArns: [] };
    expect(refused({ settings: alone, source: { targetGroupArns: [] } })).not.toThrow();
  });

  it('where other groups would launch the new version too', () => {
    expect(refused({ refresh: { latestFollowers: ['api-v001'] } })).toThrow(
      /api-v001 would launch the new version too/,
    );
  });

  it('for alarms that are not there, or fire already', () => {
    const alarms = (state: string | null) => ({ refresh: { alarms: [{ name: '5xx', state }] } });
    expect(refused(alarms(null))).toThrow(/no CloudWatch alarm 5xx/);
    expect(refused(alarms('ALARM'))).toThrow(/5xx is in the ALARM state/);
    expect(refused(alarms('INSUFFICIENT_DATA'))).not.toThrow();
  });
});
