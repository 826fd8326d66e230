import type { CallCounter } from '@gennaker/aws';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Seconds of the histogram's buckets: AWS calls take from 20 ms to their timeout of 15 s. */
const buckets = [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

/** Counts AWS calls by account, region, action and outcome, and measures how long they queued and took. */
export function countAwsCalls(registry: Registry): CallCounter {
  const calls = new Counter({
    name: 'gennaker_aws_calls_total',
    help: 'AWS calls that left this process',
    labelNames: ['account', 'region', 'service', 'action', 'made_by', 'outcome'],
    registers: [registry],
  });
  const took = new Histogram({
    name: 'gennaker_aws_call_seconds',
    help: 'From sending an AWS call to its reply',
    labelNames: ['service'],
    buckets,
    registers: [registry],
  });
  const queued = new Histogram({
    name: 'gennaker_aws_call_queue_seconds',
    help: 'Wait of an AWS call for the rate budget',
    labelNames: ['service', 'priority'],
    buckets,
    registers: [registry],
  });
  return ({ account, region, service, action, madeBy, outcome, priority, queuedMs, tookMs }) => {
    calls.inc({ account, region, service, action, made_by: madeBy, outcome });
    took.observe({ service }, tookMs / 1000);
    queued.observe({ service, priority }, queuedMs / 1000);
  };
}
