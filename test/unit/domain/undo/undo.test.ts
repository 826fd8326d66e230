import {
  awsCommandLines,
  eventsOfTerminatedRun,
  remainingSteps,
  stageSummary,
  undoSecondsMax,
  undoSecondsOf,
  type UndoEntry,
} from '@gennaker/domain';
import { expect, test } from 'vitest';

import { wayBackPreferences } from '../refreshes/way-back.js';
import {
  after,
  created,
  destroyEntry,
  finished,
  place,
  retryAccepted,
  started,
  undoRecorded,
} from '../execution/execution-builder.js';

const enable: Extract<UndoEntry, { operation: 'enableServerGroup' }> = {
  id: 'disable',
  operation: 'enableServerGroup',
  title: 'Enable web-v000',
  subject: { ...place, serverGroup: 'web-v000' },
  restore: {
    capacity: { min: 1, desired: 3, max: 5 },
    suspendedProcesses: ['Terminate'],
    targetGroupArns: ['arn:tg'],
    registered: { 'arn:tg': ['i-1', 'i-2'] },
    instancesInService: 2,
    owner: null,
  },
};

const back: Extract<UndoEntry, { operation: 'rollbackInstanceRefresh' }> = {
  id: 'version',
  operation: 'rollbackInstanceRefresh',
  title: 'Bring the instances of web-v000 back to lt-1:4',
  subject: { ...place, serverGroup: 'web-v000' },
  restore: {
    arn: 'arn:web-v000',
    capacity: { min: 1, desired: 3, max: 5 },
    suspendedProcesses: [],
    instancesInService: 3,
    launch: {
      launchTemplateId: 'lt-1',
      version: '4',
      specified: '4',
      latestVersion: '6',
      imageId: 'ami-1',
      madeBy: null,
      mixedInstancesPolicy: null,
    },
    runningVersions: { 'lt-1:4': 3 },
  },
  versionOperationKey: 'key',
  preferences: wayBackPreferences,
  secondsMax: 3600,
};

test('a refresh by hand is rolled back while it runs, else refreshed to what was recorded', () => {
  const group = '--region eu-west-1 --auto-scaling-group-name web-v000';
  const preferences =
    '\'{"MinHealthyPercentage":100,"MaxHealthyPercentage":150,"SkipMatching":true}\'';
  const recorded = '{"LaunchTemplateId":"lt-1","Version":"4"}';
  expect(awsCommandLines(back)).toEqual([
    `aws autoscaling rollback-instance-refresh ${group}`,
    `aws autoscaling start-instance-refresh ${group} --desired-configuration '{"LaunchTemplate":${recorded}}' --preferences ${preferences}`,
  ]);
});

test('a refresh by hand keeps the policy, and what the group followed', () => {
  const mixedInstancesPolicy = {
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '$Latest' },
      Overrides: [{ InstanceType: 't3.large' }],
    },
  };
  const { restore } = back;
  const launch = { ...restore.launch, specified: '$Latest' };
  const follow = awsCommandLines({ ...back, restore: { ...restore, launch } });
  expect(follow.at(-1)).toContain(
    `update-auto-scaling-group --region eu-west-1 --auto-scaling-group-name web-v000 --launch-template '{"LaunchTemplateId":"lt-1","Version":"$Latest"}'`,
  );
  const mixed = awsCommandLines({
    ...back,
    restore: { ...restore, launch: { ...launch, mixedInstancesPolicy } },
  });
  expect(mixed[1]).toContain(
    '"MixedInstancesPolicy":{"LaunchTemplate":{"LaunchTemplateSpecification":{"LaunchTemplateId":"lt-1","Version":"4"},"Overrides":[{"InstanceType":"t3.large"}]}}',
  );
  expect(mixed.at(-1)).toContain(
    `--mixed-instances-policy '${JSON.stringify(mixedInstancesPolicy)}'`,
  );
});

test('an undo of instances has more time than another', () => {
  expect(undoSecondsOf([enable, destroyEntry()])).toBe(undoSecondsMax);
  expect(undoSecondsOf([enable, back])).toBe(undoSecondsMax + 3600);
});

test('a destroy by hand takes the size away first', () => {
  expect(awsCommandLines(destroyEntry())).toEqual([
    'aws autoscaling update-auto-scaling-group --region eu-west-1 --auto-scaling-group-name web-v001 --min-size 0 --desired-capacity 0',
    'aws autoscaling delete-auto-scaling-group --region eu-west-1 --auto-scaling-group-name web-v001 --force-delete',
    "aws ec2 delete-launch-template --region eu-west-1 --launch-template-name 'web-v001-c3ab24874c583aa5'",
  ]);
});

test('a destroy by hand takes the alarms of the group with it, whatever their names', () => {
  const alarmNames = ['web-v001-high', "web-v001-it's low"];
  const lines = awsCommandLines({ ...destroyEntry(), alarmNames });
  expect(lines.at(-2)).toBe(
    "aws cloudwatch delete-alarms --region eu-west-1 --alarm-names 'web-v001-high' 'web-v001-it'\\''s low'",
  );
});

test('an enable by hand registers first, waits until healthy, restores the sizes, and resumes what was not suspended', () => {
  expect(awsCommandLines(enable)).toEqual([
    'aws elbv2 register-targets --region eu-west-1 --target-group-arn arn:tg --targets Id=i-1 Id=i-2',
    'aws elbv2 wait target-in-service --region eu-west-1 --target-group-arn arn:tg --targets Id=i-1 Id=i-2',
    'aws autoscaling update-auto-scaling-group --region eu-west-1 --auto-scaling-group-name web-v000 --min-size 1 --desired-capacity 3 --max-size 5',
    'aws autoscaling resume-processes --region eu-west-1 --auto-scaling-group-name web-v000 --scaling-processes AddToLoadBalancer Launch HealthCheck ReplaceUnhealthy',
  ]);
});

test('an enable by hand names no command that would do nothing, or everything', () => {
  const suspendedProcesses = [
    'AddToLoadBalancer',
    'Launch',
    'Terminate',
    'HealthCheck',
    'ReplaceUnhealthy',
  ];
  const restore = { ...enable.restore, suspendedProcesses, registered: { 'arn:tg': [] } };
  const lines = awsCommandLines({ ...enable, restore });
  expect(lines).toEqual([expect.stringContaining('update-auto-scaling-group')]);
});

test('an unpin by hand sets the minimum back and nothing else', () => {
  const unpin: UndoEntry = {
    id: 'pin',
    operation: 'unpinServerGroup',
    title: 'Unpin web-v000',
    subject: { ...place, serverGroup: 'web-v000' },
    arn: 'arn:web-v000',
    recorded: { min: 1, desired: 3, max: 5 },
    pinnedMin: 3,
  };
  expect(awsCommandLines(unpin)).toEqual([
    'aws autoscaling update-auto-scaling-group --region eu-west-1 --auto-scaling-group-name web-v000 --min-size 1',
  ]);
});

test('a resize by hand restores all three sizes', () => {
  const recorded = { min: 1, desired: 3, max: 5 };
  const entry: UndoEntry = {
    id: 'resize',
    operation: 'restoreCapacity',
    title: 'Resize',
    subject: { ...place, serverGroup: 'web-v000' },
    arn: null,
    recorded,
    written: { min: 0, desired: 0, max: 5 },
    instancesHealthyMin: 3,
  };
  expect(awsCommandLines(entry)).toEqual([
    'aws autoscaling update-auto-scaling-group --region eu-west-1 --auto-scaling-group-name web-v000 --min-size 1 --desired-capacity 3 --max-size 5',
  ]);
});

test('processes by hand: one line for each list that is not empty', () => {
  const entry: UndoEntry = {
    id: 'processes',
    operation: 'restoreProcesses',
    title: 'Resume',
    subject: { ...place, serverGroup: 'web-v000' },
    arn: null,
    suspend: [],
    resume: ['Launch', 'Terminate'],
  };
  expect(awsCommandLines(entry)).toEqual([
    'aws autoscaling resume-processes --region eu-west-1 --auto-scaling-group-name web-v000 --scaling-processes Launch Terminate',
  ]);
});

test('what a person should know of an undo that is done stays with it, and is told in the summary', () => {
  const entry = { refId: 'a', attempt: 1, entryId: 'create' } as const;
  const note = 'left as it is';
  const state = after(created({ a: [] }), started('a'), undoRecorded('a', destroyEntry()), {
    kind: 'undo.entryFinished',
    ...entry,
    status: 'done',
    error: null,
    note,
  });
  const undo = state.stages[0]?.attempts[0]?.undo ?? [];
  expect(undo).toMatchObject([{ status: 'done', note }]);
  const error = { code: 'AWS_DENIED', message: 'denied', details: {} } as const;
  const summary = stageSummary({
    executionId: 'x',
    refId: 'a',
    attempt: 1,
    error,
    scalingActivities: [],
    serving: null,
    rollback: null,
    undo,
  });
  expect(summary.undone).toEqual([`${destroyEntry().title}: left as it is`]);
});

const deploying = after(
  created({ a: [], b: [] }),
  started('a'),
  undoRecorded('a', destroyEntry('create', 'a-v001')),
  undoRecorded('a', enable),
  started('b'),
  undoRecorded('b', destroyEntry('create', 'b-v001')),
);

function titles(state: typeof deploying): readonly string[] {
  return remainingSteps(state).map((step) => `${step.refId} ${step.attempt} ${step.title}`);
}

test('what remains is of attempts that are over or stuck, last recorded first', () => {
  expect(titles(deploying)).toEqual([]);
  const failed = { refId: 'a', attempt: 1, entryId: 'disable', status: 'failed' } as const;
  const stuck = after(deploying, { kind: 'undo.entryFinished', ...failed, error: null });
  expect(titles(stuck)).toEqual(['a 1 Enable web-v000', 'a 1 Destroy a-v001']);
  const retried = after(stuck, finished('a', 'TERMINAL'), retryAccepted('a'), started('a', 2));
  expect(titles(retried)).toEqual(['a 1 Enable web-v000', 'a 1 Destroy a-v001']);
  const repaired = after(retried, { kind: 'undo.dropped', refId: 'a', attempt: 1 });
  expect(titles(repaired)).toEqual([]);
});

test('a run that was ended from outside ends what runs and says all that is left', () => {
  const events = eventsOfTerminatedRun(deploying, 'terminated');
  const state = after(deploying, ...events);
  expect(state.status).toBe('TERMINAL');
  expect(state.stages.map((stage) => stage.status)).toEqual(['TERMINAL', 'TERMINAL']);
  expect(state.needsAttention?.reason).toBe('terminated');
  expect(state.needsAttention?.remaining.map((step) => step.title)).toEqual([
    'Enable web-v000',
    'Destroy a-v001',
    'Destroy b-v001',
  ]);
  expect(eventsOfTerminatedRun(state, 'again')).toEqual([]);
});

test('a run that was ended from outside does not make people forget a stage that was stuck before', () => {
  const stuck = after(deploying, finished('a', 'TERMINAL'));
  const state = after(stuck, ...eventsOfTerminatedRun(stuck, 'terminated'));
  expect(state.needsAttention?.remaining.map((step) => step.refId)).toEqual(['a', 'a', 'b']);
});

test('a group that was enabled is taken out by hand before its surplus may go', () => {
  const restore: UndoEntry = {
    ...enable,
    operation: 'restoreServerGroup',
    title: 'Restore web-v000',
    arn: 'arn:web-v000',
    guard: null,
    restore: {
      ...enable.restore,
      suspendedProcesses: ['Launch', 'Terminate', 'AddToLoadBalancer'],
    },
  };
  const lines = awsCommandLines(restore);
  const group = '--region eu-west-1 --auto-scaling-group-name web-v000';
  expect(lines[0]).toBe(
    `aws autoscaling suspend-processes ${group} --scaling-processes Launch AddToLoadBalancer`,
  );
  expect(lines[1]).toContain('aws elbv2 deregister-targets --region eu-west-1 --target-group-arn');
  expect(lines.slice(2)).toEqual([
    `aws autoscaling update-auto-scaling-group ${group} --min-size 1 --desired-capacity 3 --max-size 5`,
    `aws autoscaling suspend-processes ${group} --scaling-processes Terminate`,
  ]);
  const served = { ...restore, restore: { ...restore.restore, suspendedProcesses: [] } };
  expect(awsCommandLines(served)).toEqual([lines[2]]);
});
