import { incurableFailure } from '@gennaker/activities';
import type { ScalingActivityRecord } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

const since = '2026-01-01T00:00:00.000Z';

function launch(message: string | null, status = 'Failed', at = since): ScalingActivityRecord {
  return { at, status, description: 'Launching a new EC2 instance.', message };
}

const denied =
  'You are not authorized to use launch template: lt-1. Launching EC2 instance failed.';
const noCapacity =
  'We currently do not have sufficient t3.micro capacity in the Availability Zone you requested (eu-west-1a). Launching EC2 instance failed.';

describe('launches that waiting cannot cure', () => {
  it.each([
    [denied, 'authorisation'],
    ['Client.InternalError: Client error on launch', 'encryption key'],
    ['Client.InvalidKMSKey.InvalidState: The KMS key is disabled', 'encryption key'],
    ["The image id '[ami-1]' does not exist. Launching EC2 instance failed.", 'image'],
    [
      'You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket.',
      'quota',
    ],
    ["The security group 'sg-1' does not exist in VPC 'vpc-1'.", 'launch setting'],
  ])('are recognised by AWS words: %s', (message, reason) => {
    const row = [launch(message), launch(message), launch(message)];
    expect(incurableFailure(row, since)).toMatchObject({ reason, failures: 3, message });
  });

  it('never include a lack of capacity, however often', () => {
    expect(incurableFailure(Array(10).fill(launch(noCapacity)), since)).toBeNull();
    const insufficient = 'Could not launch On-Demand Instances. InsufficientInstanceCapacity - …';
    expect(incurableFailure(Array(10).fill(launch(insufficient)), since)).toBeNull();
  });

  it('need three in a row, the newest first', () => {
    const two = [launch(denied), launch(denied)];
    expect(incurableFailure(two, since)).toBeNull();
    expect(
      incurableFailure([...two, launch(null, 'Successful'), launch(denied)], since),
    ).toBeNull();
    expect(incurableFailure([...two, launch(noCapacity), launch(denied)], since)).toBeNull();
    expect(incurableFailure([launch(noCapacity), ...two, launch(denied)], since)).toBeNull();
  });

  it('are not interrupted by launches that have not ended', () => {
    const row = [launch(null, 'InProgress'), launch(denied), launch(denied), launch(denied)];
    expect(incurableFailure(row, since)).toMatchObject({ failures: 3 });
  });

  it('do not count from before the wait', () => {
    const old = '2025-12-31T23:59:59.000Z';
    const row = [launch(denied), launch(denied), launch(denied, 'Failed', old)];
    expect(incurableFailure(row, since)).toBeNull();
  });
});
