import {
  evidenceConsolesMax,
  evidenceExamplesMax,
  evidenceSummary,
  stageSummary,
  targetHealthRows,
  targetHealthRowsMax,
  targetWords,
  troubledInstances,
  type InstanceView,
  type TargetHealthSeen,
} from '@gennaker/domain';
import { expect, test } from 'vitest';

import { at, executionId } from './execution-builder.js';

function seen(instanceId: string, state: string, reason?: string): TargetHealthSeen {
  return { targetGroupArn: 'arn:tg', instanceId, state, ...(reason !== undefined && { reason }) };
}

function instance(instanceId: string, lifecycleState = 'InService'): InstanceView {
  const zone = 'eu-west-1a';
  const health = 'Unknown' as const;
  return { instanceId, zone, lifecycleState, healthStatus: 'Healthy', targetHealth: [], health };
}

test('targets are counted by state and reason, those in trouble first, with examples', () => {
  const rows = targetHealthRows([
    seen('i-1', 'healthy'),
    seen('i-2', 'healthy'),
    seen('i-3', 'unhealthy', 'Target.Timeout'),
    seen('i-4', 'unhealthy', 'Target.FailedHealthChecks'),
    seen('i-5', 'unhealthy', 'Target.FailedHealthChecks'),
  ]);
  expect(rows.map((row) => [row.instances, row.state, row.reason, row.examples])).toEqual([
    [2, 'unhealthy', 'Target.FailedHealthChecks', ['i-4', 'i-5']],
    [1, 'unhealthy', 'Target.Timeout', ['i-3']],
    [2, 'healthy', null, ['i-1', 'i-2']],
  ]);
  expect(targetWords({ targetHealth: rows })).toBe(
    '2 unhealthy (Target.FailedHealthChecks), 1 unhealthy (Target.Timeout)',
  );
});

test('rows and examples are bounded, whatever AWS says', () => {
  const many = Array.from({ length: 400 }, (_, index) => seen(`i-${index}`, 'unhealthy', 'R'));
  const [row] = targetHealthRows(many);
  expect(row?.instances).toBe(400);
  expect(row?.examples).toHaveLength(evidenceExamplesMax);
  const strange = many.map((one, index) => ({ ...one, description: 'x'.repeat(900) + index }));
  const rows = targetHealthRows(strange);
  expect(rows).toHaveLength(targetHealthRowsMax);
  expect(rows.flatMap(({ examples }) => examples).length).toBeLessThanOrEqual(evidenceExamplesMax);
  expect(JSON.stringify(rows).length).toBeLessThan(10_000);
});

test('consoles are of instances in trouble, of each reason one first; who leaves is left out', () => {
  const group = {
    targetGroupArns: ['arn:tg'],
    instances: [
      instance('i-ok'),
      instance('i-a'),
      instance('i-b'),
      instance('i-c'),
      instance('i-d', 'Pending'),
      instance('i-e', 'Terminating:Wait'),
    ],
  };
  const health = [
    seen('i-ok', 'healthy'),
    seen('i-a', 'unhealthy', 'Target.Timeout'),
    seen('i-b', 'unhealthy', 'Target.Timeout'),
    seen('i-c', 'unhealthy', 'Target.FailedHealthChecks'),
    seen('i-e', 'draining'),
  ];
  expect(troubledInstances(group, health).map(({ instanceId }) => instanceId)).toEqual([
    'i-a',
    'i-c',
    'i-d',
  ]);
  const all = {
    ...group,
    instances: Array.from({ length: 9 }, (_, index) => instance(`i-${index}`)),
  };
  expect(troubledInstances(all, [])).toHaveLength(evidenceConsolesMax);
});

test('a summary has no text of a console, says where it is, and repeats what the targets say', () => {
  const console = { instanceId: 'i-1', zone: 'a', lifecycleState: 'InService', at, isWhole: true };
  const evidence = evidenceSummary({
    serverGroup: 'web-v001',
    observedAt: at,
    targetHealth: targetHealthRows([seen('i-1', 'unhealthy', 'Target.Timeout')]),
    consoles: [{ ...console, text: 'password=hunter2' }],
    unread: [],
  });
  expect(JSON.stringify(evidence)).not.toContain('hunter2');
  expect(evidence.consoles).toEqual([{ ...console, characters: 16 }]);
  const summary = stageSummary({
    executionId,
    refId: 'deploy',
    attempt: 2,
    error: { code: 'STAGE_TIMEOUT', message: 'too late', details: {} },
    scalingActivities: [],
    evidence,
    serving: null,
    undo: [],
    rollback: null,
  });
  expect(summary.failed.message).toBe('too late. Of its targets are: 1 unhealthy (Target.Timeout)');
  expect(summary.evidence?.href).toBe(
    `/v1/executions/${executionId}/stages/deploy/attempts/2/evidence`,
  );
});
