import { GennakerError } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { rollbackStage } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
  engine.aws.surplus = 0;
  engine.aws.outOfTraffic.clear();
});

test('what comes back is healthy before what serves is taken out of traffic', async () => {
  const id = await engine.execute([rollbackStage({ reason: 'errors' })]);
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(engine.aws.calls).toEqual([
    'planRollback web-prod',
    'captureServerGroup web-prod-v000',
    'registerServerGroup web-prod-v000',
    'awaitServerGroupHealthy web-prod-v000',
    'resumeServerGroup web-prod-v000',
    'matchServerGroup web-prod-v000',
    'awaitServerGroupHealthy web-prod-v000',
    'captureServerGroup web-prod-v001',
    'disableServerGroup web-prod-v001',
    'awaitServerGroupDrained web-prod-v001',
    'awaitServerGroupHealthy web-prod-v000',
    'readCluster web-prod',
  ]);
  const { stages } = engine.records.state(id);
  expect(stages[0]?.attempts[0]?.outputs).toMatchObject({
    serverGroup: 'web-prod-v000',
    source: 'web-prod-v001',
    reason: 'errors',
  });
});

test('a failed rollback first brings back what served, then restores the other one', async () => {
  engine.aws.outOfTraffic.add('web-prod-v000');
  engine.aws.surplus = 2;
  engine.aws.before.set('awaitServerGroupDrained', async () => {
    engine.aws.before.clear();
    throw new GennakerError('AWS_DENIED', 'denied once');
  });
  const id = await engine.execute([rollbackStage()]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const undone = engine.aws.calls.slice(
    engine.aws.calls.findLastIndex((call) => /^read(Scaling|FailureEvidence)/.test(call)) + 1,
  );
  expect(undone).toEqual([
    'registerServerGroup web-prod-v001',
    'awaitServerGroupHealthy web-prod-v001',
    'resumeServerGroup web-prod-v001',
    'matchServerGroup web-prod-v001',
    'awaitServerGroupHealthy web-prod-v001',
    'awaitServerGroupHealthy web-prod-v001',
    'disableServerGroup web-prod-v000',
    'awaitServerGroupDrained web-prod-v000',
    'restoreServerGroupSize web-prod-v000',
    'awaitServerGroupShrunk web-prod-v000',
    'restoreServerGroupProcesses web-prod-v000',
  ]);
  expect(engine.records.state(id).needsAttention).toBeNull();
});
