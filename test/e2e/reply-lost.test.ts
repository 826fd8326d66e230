import { DescribeLaunchTemplatesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { expectServing, expectSucceeded } from '../support/e2e/scenes.js';
import { redBlackPipeline, serverGroupsOf } from '../support/e2e/story.js';

let gennaker: Gennaker;
let ec2: EC2Client;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  ec2 = new EC2Client({
    endpoint: gennaker.aws.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'stand-in' },
  });
}, 120_000);
afterAll(async () => {
  ec2.destroy();
  await gennaker.close();
});
beforeEach(() => gennaker.aws.clearFaults());

/** The mutating calls of a red/black deploy. */
const mutations = [
  'CreateLaunchTemplate',
  'CreateAutoScalingGroup',
  'UpdateAutoScalingGroup',
  'SuspendProcesses',
  'DeregisterTargets',
] as const;

test.each(mutations)(
  'the reply to %s is lost: one group, one template, one registration',
  async (action) => {
    await gennaker.aws.fault({
      match: { action },
      point: 'after',
      effect: { kind: 'reset' },
      times: 1,
    });
    const executionId = await gennaker.api.run(await redBlackPipeline());
    await expectSucceeded(gennaker, { executionId, watcher: gennaker.watch(executionId) });
    const ours = (await serverGroupsOf(gennaker)).filter(
      (group) => group.owner?.executionId === executionId,
    );
    expect(ours).toHaveLength(1);
    const [group] = ours;
    expect(group?.instances.flatMap((instance) => instance.targetHealth)).toHaveLength(3);
    expect(await templatesOf(executionId)).toHaveLength(1);
    await expectServing(gennaker, group?.name ?? '');
    const fired = (await gennaker.aws.ledger()).filter(
      (call) => call.action === action && call.faultIds.length > 0,
    );
    expect(fired.length).toBeGreaterThan(0);
  },
  90_000,
);

async function templatesOf(executionId: string): Promise<readonly string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeLaunchTemplatesCommand({
        Filters: [{ Name: 'tag:gennaker:execution', Values: [executionId] }],
        ...(next === undefined ? {} : { NextToken: next }),
      }),
    );
    names.push(
      ...(page.LaunchTemplates ?? []).map((template) => template.LaunchTemplateName ?? ''),
    );
    next = page.NextToken;
  } while (next !== undefined);
  return names;
}
