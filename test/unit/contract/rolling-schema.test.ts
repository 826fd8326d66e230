import { pipelineSchema, rollingBounds } from '@gennaker/contract';
import { expect, test } from 'vitest';

type Fields = Readonly<Record<string, unknown>>;

function pipeline(strategy: Fields, stage: Fields = {}): Fields {
  const deploy = {
    refId: 'deploy',
    name: 'Deploy',
    type: 'deploy',
    account: 'demo',
    region: 'eu-west-1',
    image: { imageId: 'ami-0123456789abcdef0' },
    strategy: { type: 'rolling', ...strategy },
    ...stage,
  };
  return { schemaVersion: 1, application: 'web', name: 'test', stages: [deploy] };
}

/** Path and message of each fault below the stage, one a line. */
function faults(strategy: Fields, stage: Fields = {}): string {
  const result = pipelineSchema.safeParse(pipeline(strategy, stage));
  const issues = result.error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.slice(2).join('/')}: ${message}`).join('\n');
}

test('a rolling deploy needs nothing but its name, and its defaults are the plan’s', () => {
  expect(faults({})).toBe('');
  const [stage] = pipelineSchema.parse(pipeline({})).stages;
  expect(stage).toMatchObject({ strategy: { type: 'rolling' } });
});

test.each([
  ['minHealthyPercent', 0, 100],
  ['maxHealthyPercent', 100, 200],
  ['instanceWarmupSeconds', 0, rollingBounds.warmupSecondsMax],
  ['bakeSeconds', 0, rollingBounds.delaySecondsMax],
] as const)('%s is a whole number from %d to %d', (field, min, max) => {
  for (const value of [min, max]) expect(faults({ [field]: value })).toBe('');
  for (const value of [min - 1, max + 1, min + 0.5, `${min}`]) {
    expect(faults({ [field]: value })).toContain(`strategy/${field}`);
  }
});

test('the two percentages lie at most 100 apart', () => {
  expect(faults({ minHealthyPercent: 50, maxHealthyPercent: 150 })).toBe('');
  expect(faults({ minHealthyPercent: 50, maxHealthyPercent: 151 })).toBe(
    'strategy/maxHealthyPercent: at most 100 above minHealthyPercent (AWS)',
  );
});

test('checkpoints ascend, and have the one delay that AWS has', () => {
  const at = (percent: number, delaySeconds = 60) => ({ percent, delaySeconds });
  expect(faults({ checkpoints: [at(10), at(50), at(100)] })).toBe('');
  expect(faults({ checkpoints: [at(50), at(50)] })).toBe(
    'strategy/checkpoints/1/percent: must be above the one before',
  );
  expect(faults({ checkpoints: [at(10), at(50, 61)] })).toBe(
    'strategy/checkpoints/1/delaySeconds: AWS has one delay for all checkpoints: give the same as the first',
  );
  for (const wrong of [at(0), at(101), at(10, -1), at(10, rollingBounds.delaySecondsMax + 1)]) {
    expect(faults({ checkpoints: [wrong] })).toContain('strategy/checkpoints/0');
  }
});

test('there are at most ten alarms', () => {
  const alarms = Array.from({ length: rollingBounds.alarmsMax }, (_, index) => `alarm-${index}`);
  expect(faults({ alarms })).toBe('');
  expect(faults({ alarms: [...alarms, 'one-more'] })).toContain('strategy/alarms');
  expect(faults({ colour: 'red' })).toContain('strategy');
});

test('what would change the server group itself is refused by name', () => {
  const changes = {
    capacity: { min: 1, desired: 1, max: 1 },
    suspendedProcesses: ['AZRebalance'],
    healthCheckGraceSeconds: 60,
    zoneFloorPercent: 90,
  };
  for (const [field, value] of Object.entries(changes)) {
    expect(faults({}, { [field]: value })).toBe(
      `${field}: a rolling deploy keeps the server group as it is: leave this out`,
    );
    expect(faults({}, { [field]: value, strategy: { type: 'redBlack' } })).toBe('');
  }
});
