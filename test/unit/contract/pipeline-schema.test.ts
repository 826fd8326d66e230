import { defaultTimeoutSeconds, pipelineBounds, pipelineSchema } from '@gennaker/contract';
import { expect, test } from 'vitest';

type Fields = Readonly<Record<string, unknown>>;

const place = { account: 'demo', region: 'eu-west-1' };
function onGroup<Type extends string>(type: Type) {
  const serverGroup = { cluster: 'web-prod', target: 'previous' };
  return { refId: 'change', name: 'Change', type, ...place, serverGroup };
}

const stages = {
  findImage: { refId: 'find', name: 'Find', type: 'findImage', ...place, imageName: 'web-1.0' },
  deploy: {
    refId: 'deploy',
    name: 'Deploy',
    type: 'deploy',
    ...place,
    image: { imageId: 'ami-0123456789abcdef0' },
    strategy: { type: 'redBlack' },
  },
  wait: { refId: 'wait', name: 'Wait', type: 'wait', waitSeconds: 5 },
  checkPreconditions: {
    refId: 'check',
    name: 'Check',
    type: 'checkPreconditions',
    preconditions: [
      { type: 'clusterSize', ...place, cluster: 'web', comparison: '==', expected: 1 },
    ],
  },
  manualJudgment: { refId: 'judge', name: 'Judge', type: 'manualJudgment' },
  resizeServerGroup: {
    ...onGroup('resizeServerGroup'),
    resize: { action: 'scaleUp', percent: 50 },
  },
  enableServerGroup: onGroup('enableServerGroup'),
  disableServerGroup: onGroup('disableServerGroup'),
  destroyServerGroup: onGroup('destroyServerGroup'),
  suspendProcesses: { ...onGroup('suspendProcesses'), processes: ['AZRebalance'] },
  resumeProcesses: { ...onGroup('resumeProcesses'), processes: ['Launch'] },
  pinServerGroup: onGroup('pinServerGroup'),
  unpinServerGroup: onGroup('unpinServerGroup'),
  tagServerGroup: { ...onGroup('tagServerGroup'), tags: [{ key: 'team', value: 'web' }] },
} as const;
type Kind = keyof typeof stages;
const kinds = Object.keys(stages) as readonly Kind[];

function pipeline(stage: Fields, parts: Fields = {}): Fields {
  return { schemaVersion: 1, application: 'web', name: 'test', stages: [stage], ...parts };
}

function parsed(kind: Kind, parts: Fields = {}) {
  return pipelineSchema.parse(pipeline({ ...stages[kind], ...parts })).stages[0];
}

/** The path of each fault, '' for none. */
function faults(body: unknown): string {
  const result = pipelineSchema.safeParse(body);
  if (result.success) return '';
  return result.error.issues.map((issue) => `${issue.code} ${issue.path.join('/')}`).join(', ');
}

function stageFaults(kind: Kind, parts: Fields): string {
  return faults(pipeline({ ...stages[kind], ...parts }));
}

test('fills in what is not given', () => {
  expect(parsed('findImage')).toMatchObject({
    requisiteStageRefIds: [],
    timeoutSeconds: defaultTimeoutSeconds.findImage,
    owners: ['self'],
  });
  expect(parsed('deploy')).toMatchObject({
    timeoutSeconds: defaultTimeoutSeconds.deploy,
    targetHealthyPercent: 100,
    acceptNotCopied: [],
  });
  expect(parsed('wait')).toMatchObject({ timeoutSeconds: 65 });
  expect(parsed('checkPreconditions')).toMatchObject({
    timeoutSeconds: defaultTimeoutSeconds.checkPreconditions,
    preconditions: [{ count: 'enabled' }],
  });
});

test('takes capacity away only where another group serves, unless told otherwise', () => {
  expect(parsed('disableServerGroup')).toMatchObject({ percent: 100, remainingHealthyMin: 1 });
  expect(parsed('destroyServerGroup')).toMatchObject({
    allowServing: false,
    remainingHealthyMin: 1,
    timeoutSeconds: defaultTimeoutSeconds.serverGroup,
  });
  expect(parsed('enableServerGroup')).toMatchObject({ keepSuspended: [] });
});

test.each([
  ['resizeServerGroup', { resize: { action: 'exact' } }],
  ['resizeServerGroup', { resize: { action: 'scaleUp' } }],
  ['resizeServerGroup', { resize: { action: 'scaleDown', percent: 5, instances: 1 } }],
  ['resizeServerGroup', { serverGroup: { cluster: 'web', target: 'largest' } }],
  ['disableServerGroup', { percent: 0 }],
  ['suspendProcesses', { processes: [] }],
  ['suspendProcesses', { processes: ['Everything'] }],
  ['tagServerGroup', { tags: [] }],
  ['tagServerGroup', { tags: [{ key: 'gennaker:stage', value: 'x' }] }],
  ['tagServerGroup', { remove: ['aws:cloudformation:stack-name'] }],
  ['tagServerGroup', { remove: ['team'] }],
  ['manualJudgment', { judgmentInputs: ['blue', 'blue'] }],
] as const)('%s refuses %j', (kind, parts) => {
  expect(stageFaults(kind, parts)).not.toBe('');
});

test('adds nothing that changes what a deploy inherits', () => {
  const inherited = ['capacity', 'instanceType', 'suspendedProcesses', 'launch', 'stack'];
  expect(Object.keys(parsed('deploy') ?? {}).filter((key) => inherited.includes(key))).toEqual([]);
});

test.each(kinds)('%s refuses a field that it does not know', (kind) => {
  expect(stageFaults(kind, { colour: 'red' })).toContain('unrecognized_keys stages/0');
});

test.each(kinds)('%s refuses prototype keys as it does any other', (kind) => {
  const text = JSON.stringify(pipeline(stages[kind])).replace(
    '"refId"',
    '"__proto__":{"admin":true},"constructor":1,"refId"',
  );
  expect(faults(JSON.parse(text))).toContain('unrecognized_keys stages/0');
  expect({}).not.toHaveProperty('admin');
});

test('refuses unknown fields and other versions of a pipeline', () => {
  expect(faults(pipeline(stages.wait, { colour: 'red' }))).toBe('unrecognized_keys ');
  expect(faults(pipeline(stages.wait, { schemaVersion: 2 }))).toContain('schemaVersion');
  expect(faults(pipeline({ ...stages.wait, type: 'fly' }))).toContain('stages/0/type');
});

test.each([
  ['wait', 'waitSeconds', 0, pipelineBounds.waitSecondsMax],
  ['deploy', 'timeoutSeconds', 1, pipelineBounds.timeoutSecondsMax],
  ['deploy', 'targetHealthyPercent', 1, 100],
  ['deploy', 'healthCheckGraceSeconds', 0, 7200],
] as const)('%s.%s is a whole number from %d to %d', (kind, field, min, max) => {
  for (const value of [min, max]) expect(stageFaults(kind, { [field]: value })).toBe('');
  for (const value of [min - 1, max + 1, min + 0.5, `${min}`, null]) {
    expect(stageFaults(kind, { [field]: value })).toContain(`stages/0/${field}`);
  }
});

test('a pipeline has 1 to 100 stages', () => {
  const many = (count: number) =>
    faults(pipeline({}, { stages: Array.from({ length: count }, () => stages.wait) }));
  expect([many(1), many(pipelineBounds.stagesMax)]).toEqual(['', '']);
  expect(many(0)).toContain('stages');
  expect(many(pipelineBounds.stagesMax + 1)).toContain('stages');
});

test('sizes are in order', () => {
  expect(stageFaults('deploy', { capacity: { min: 1, desired: 2, max: 3 } })).toBe('');
  expect(stageFaults('deploy', { capacity: { min: 3, desired: 2, max: 3 } })).toContain('capacity');
  expect(stageFaults('deploy', { capacity: { min: 1, desired: 4, max: 3 } })).toContain('capacity');
  expect(stageFaults('deploy', { capacity: { min: 1 } })).toContain('capacity/desired');
});

test('an image is searched for by name or by tags, of named owners', () => {
  const { imageName: _, ...nameless } = stages.findImage;
  expect(faults(pipeline(nameless))).toContain('stages/0/imageName');
  expect(faults(pipeline({ ...nameless, tags: {} }))).toContain('stages/0/imageName');
  expect(faults(pipeline({ ...nameless, tags: { app: 'web' } }))).toBe('');
  for (const owner of ['all', 'amazon', '12345', '*']) {
    expect(stageFaults('findImage', { owners: [owner] })).toContain('stages/0/owners/0');
  }
});

test('names that would make an ambiguous server group name are refused', () => {
  expect(stageFaults('deploy', { stack: 'a-b' })).toContain('stages/0/stack');
  for (const detail of ['v001', 'blue-v012', '-v123456']) {
    expect(stageFaults('deploy', { detail })).toContain('stages/0/detail');
  }
  expect(stageFaults('deploy', { detail: 'blue-v1' })).toBe('');
  expect(faults(pipeline(stages.wait, { application: 'a/b' }))).toContain('application');
});

test('an image is given by id or by stage, not by both and not by neither', () => {
  const both = { imageId: 'ami-0123456789abcdef0', fromStage: 'find' };
  for (const image of [both, {}, { imageId: 'web' }, 'ami-0123456789abcdef0']) {
    expect(stageFaults('deploy', { image })).toContain('stages/0/image');
  }
});

test('only processes whose suspension leaves a deploy possible may be suspended', () => {
  expect(stageFaults('deploy', { suspendedProcesses: ['AZRebalance'] })).toBe('');
  for (const name of ['Launch', 'Terminate', 'everything']) {
    expect(stageFaults('deploy', { suspendedProcesses: [name] })).toContain('suspendedProcesses/0');
  }
});

test('alarms that gate a red/black are named, once each, at most ten; a bake needs some', () => {
  const gated = (parts: Fields) =>
    stageFaults('deploy', { strategy: { type: 'redBlack', ...parts } });
  const many = (count: number) => Array.from({ length: count }, (_, index) => `alarm-${index}`);
  expect(gated({ alarms: many(pipelineBounds.alarmsMax), bakeSeconds: 60 })).toBe('');
  expect(gated({ alarms: many(pipelineBounds.alarmsMax + 1) })).toContain('strategy/alarms');
  expect(gated({ alarms: ['one', 'one'] })).toContain('strategy/alarms');
  expect(gated({ alarms: [''] })).toContain('strategy/alarms/0');
  expect(gated({ bakeSeconds: 60 })).toContain('strategy/bakeSeconds');
  expect(gated({ bakeSeconds: 0 })).toBe('');
});

test('what becomes of old server groups is asked for by fields that go together', () => {
  const strategy = (parts: Fields, type = 'redBlack') =>
    stageFaults('deploy', { strategy: { type, ...parts } });
  expect(strategy({ scaleDown: true, delayBeforeScaleDownSeconds: 60 })).toBe('');
  expect(strategy({ delayBeforeScaleDownSeconds: 60 })).toContain('delayBeforeScaleDownSeconds');
  expect(strategy({ maxRemainingServerGroups: 2, shrinkBefore: true })).toBe('');
  expect(strategy({ maxRemainingServerGroups: 1 })).toContain('maxRemainingServerGroups');
  expect(strategy({ shrinkBefore: true })).toContain('shrinkBefore');
  const rolling = { alarms: ['errors'], bakeSeconds: 5, scaleDown: true };
  expect(strategy(rolling, 'rollingRedBlack')).toBe('');
  expect(strategy({ bakeSeconds: 5 }, 'rollingRedBlack')).toContain('bakeSeconds');
  expect(strategy({ maxRemainingServerGroups: 2 }, 'rollingRedBlack')).not.toBe('');
});
