import { parseExecutionId } from '@gennaker/domain';
import { createMetricsRegistry, newExecutionId, systemClock } from '@gennaker/platform';
import { describe, expect, it } from 'vitest';

describe('newExecutionId', () => {
  it('gives ULIDs in strictly rising order', () => {
    const ids = Array.from({ length: 5000 }, () => newExecutionId());
    expect(ids.every((id) => parseExecutionId(id) === id)).toBe(true);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });
});

describe('systemClock', () => {
  it('tells the time of the machine', () => {
    const before = Date.now();
    expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(before);
  });
});

describe('createMetricsRegistry', () => {
  it('gives each process a registry of its own with its label', async () => {
    const [api, worker] = [createMetricsRegistry('api'), createMetricsRegistry('worker')];
    expect(await api.metrics()).toContain('process_cpu_user_seconds_total{process="api"}');
    expect(await worker.metrics()).not.toContain('process="api"');
  });
});
