import { instanceHealth, isUp, type InstanceView } from '@gennaker/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function health(
  targetStates: readonly string[],
  lifecycleState = 'InService',
  ec2State = 'running',
) {
  return instanceHealth({ ec2State, targetStates, lifecycleState });
}

describe('the health of an instance', () => {
  it.each([
    [['healthy'], 'Up'],
    [['healthy', 'healthy'], 'Up'],
    [['healthy', 'initial'], 'Starting'],
    [['initial', 'unhealthy'], 'Starting'],
    [['healthy', 'unhealthy'], 'Down'],
    [['unused', 'healthy'], 'OutOfService'],
    [['draining'], 'Draining'],
    [['unhealthy.draining', 'healthy'], 'Draining'],
    [['unavailable'], 'Unknown'],
    [['unavailable', 'healthy'], 'Up'],
    [['something new'], 'Down'],
    [[], 'Unknown'],
  ])('with targets %j is %s', (targets, expected) => {
    expect(health(targets)).toBe(expected);
  });

  it.each([
    ['Pending', 'running', 'Starting'],
    ['Pending:Wait', 'pending', 'Starting'],
    ['InService', 'stopped', 'Down'],
    ['InService', 'shutting-down', 'Down'],
    ['Terminating', 'running', 'Down'],
    ['Standby', 'running', 'OutOfService'],
  ])(
    'in %s with EC2 saying %s is %s although its targets are healthy',
    (lifecycle, ec2, expected) => {
      expect(health(['healthy'], lifecycle, ec2)).toBe(expected);
    },
  );

  it('is Up only in service, running, and with nothing but healthy or unknown targets', () => {
    const word = fc.constantFrom(
      'healthy',
      'initial',
      'unused',
      'draining',
      'unavailable',
      'unhealthy',
    );
    const lifecycle = fc.constantFrom(
      'InService',
      'Pending',
      'Terminating:Wait',
      'Standby',
      'Detached',
    );
    const ec2 = fc.constantFrom('running', 'pending', 'stopping', 'terminated');
    fc.assert(
      fc.property(fc.array(word), lifecycle, ec2, (targets, lifecycleState, ec2State) => {
        const up = health(targets, lifecycleState, ec2State) === 'Up';
        const allGood =
          targets.includes('healthy') &&
          targets.every((one) => ['healthy', 'unavailable'].includes(one));
        expect(up).toBe(lifecycleState === 'InService' && ec2State === 'running' && allGood);
      }),
    );
  });
});

function group(targetGroupArns: readonly string[], suspendedProcesses: readonly string[] = []) {
  return { targetGroupArns, suspendedProcesses };
}

describe('whether an instance counts', () => {
  const instance: InstanceView = {
    instanceId: 'i-1',
    zone: 'eu-west-1a',
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: [{ targetGroupArn: 'a', state: 'healthy' }],
    health: 'Up',
  };

  it('needs every target group, not only those that already know it', () => {
    expect(isUp(instance, group(['a']))).toBe(true);
    expect(isUp(instance, group(['a', 'b']))).toBe(false);
  });

  it('needs the word of Auto Scaling, unless Auto Scaling may not act on it', () => {
    const marked: InstanceView = { ...instance, healthStatus: 'Unhealthy' };
    expect(isUp(marked, group(['a']))).toBe(false);
    expect(isUp(marked, group(['a'], ['ReplaceUnhealthy']))).toBe(true);
    expect(isUp({ ...instance, lifecycleState: 'Standby' }, group(['a']))).toBe(false);
  });

  it('is enough with a running machine where the group has no target groups', () => {
    expect(isUp({ ...instance, targetHealth: [], health: 'Unknown' }, group([]))).toBe(true);
    expect(isUp({ ...instance, targetHealth: [], health: 'Down' }, group([]))).toBe(false);
  });
});
