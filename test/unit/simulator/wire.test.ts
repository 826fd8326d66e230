import { AwsError, findOperation, parseForm, readInput, writeReply } from '@gennaker/simulator';
import { describe, expect, test } from 'vitest';

function read(service: 'ec2' | 'autoscaling', action: string, body: string): unknown {
  const operation = findOperation(service, action);
  return readInput(parseForm(body), operation?.input, {
    dialect: service === 'ec2' ? 'ec2' : 'query',
  });
}

test('the layout of the SDK schemas is the one that the adapter knows', () => {
  const operation = findOperation('autoscaling', 'CreateAutoScalingGroup');
  const members = operation?.input?.members ?? [];
  expect(members.filter(({ required }) => required).map(({ name }) => name)).toEqual([
    'AutoScalingGroupName',
    'MinSize',
    'MaxSize',
  ]);
  const find = (name: string) => members.find((member) => member.name === name)?.shape();
  expect(find('MinSize')).toEqual({ kind: 'number' });
  expect(find('NewInstancesProtectedFromScaleIn')).toEqual({ kind: 'boolean' });
  expect(find('TargetGroupARNs')).toMatchObject({ kind: 'list', memberName: 'member' });
  expect(find('LaunchTemplate')).toMatchObject({
    kind: 'structure',
    name: 'LaunchTemplateSpecification',
  });
  const filters = findOperation('ec2', 'DescribeInstances')?.input?.members.find(
    ({ name }) => name === 'Filters',
  );
  expect(filters).toMatchObject({ queryName: 'Filter', required: false });
  expect(findOperation('ec2', 'Fly')).toBeUndefined();
  expect(findOperation('ec2', 'Instance')).toBeUndefined();
  expect(findOperation('ec2', '__proto__')).toBeUndefined();
});

describe('reading', () => {
  test('takes lists of both dialects, in the order of their numbers', () => {
    const ec2 =
      'Filter.2.Name=b&Filter.10.Name=c&Filter.1.Name=a&Filter.1.Value.1=x&Filter.1.Value.2=y&MaxResults=5';
    expect(read('ec2', 'DescribeInstances', ec2)).toEqual({
      Filters: [{ Name: 'a', Values: ['x', 'y'] }, { Name: 'b' }, { Name: 'c' }],
      MaxResults: 5,
    });
    const query =
      'AutoScalingGroupNames.member.1=a&AutoScalingGroupNames.member.2=b+c%26&IncludeInstances=false';
    expect(read('autoscaling', 'DescribeAutoScalingGroups', query)).toEqual({
      AutoScalingGroupNames: ['a', 'b c&'],
      IncludeInstances: false,
    });
  });

  test('knows an empty list', () => {
    expect(read('autoscaling', 'DescribeAutoScalingGroups', 'AutoScalingGroupNames=')).toEqual({
      AutoScalingGroupNames: [],
    });
  });

  test.each([
    ['autoscaling', 'DescribeAutoScalingGroups', 'AutoScalingGroupNames.1=a'],
    ['autoscaling', 'DescribeAutoScalingGroups', 'AutoScalingGroupNames.member.x=a'],
    ['autoscaling', 'DescribeAutoScalingGroups', 'MaxRecords.member.1=3'],
    ['ec2', 'DescribeInstances', 'InstanceId.member.1=a'],
    ['ec2', 'DescribeInstances', 'constructor=1'],
    ['ec2', 'DescribeInstances', `InstanceId${'.1'.repeat(40)}=a`],
  ] as const)('refuses %s %s %s', (service, action, body) => {
    expect(() => read(service, action, body)).toThrow(AwsError);
  });
});

test('replies escape what XML needs escaped', () => {
  const operation = findOperation('autoscaling', 'DescribeTags');
  if (operation === undefined) throw new Error('DescribeTags is not there');
  const xml = writeReply('autoscaling', operation, {
    output: { Tags: [{ Key: '<&>', Value: undefined }] },
    requestId: 'r',
  });
  expect(xml).toContain(
    '<DescribeTagsResult><Tags><member><Key>&lt;&amp;&gt;</Key></member></Tags></DescribeTagsResult>',
  );
});
