import type { Simulation } from '../server/simulation.js';
import type { ImageFault } from '../ec2/image-fault-record.js';
import type { Scope } from '../world/scope.js';
import { ControlError, type BodyReader } from './body.js';

/** Makes one instance pass or fail its load balancers' health checks: `{ passesHealthChecks }`. */
export function setInstanceHealth(
  simulation: Simulation,
  instanceId: string,
  body: BodyReader,
): object {
  const passesHealthChecks = body.object(['passesHealthChecks'])('passesHealthChecks').boolean();
  const scope = scopeHolding(
    simulation,
    (candidate) => candidate.tables.instances.find(instanceId) !== undefined,
  );
  if (scope === undefined) throw new ControlError('', `No instance '${instanceId}'`, 404);
  scope.tables.instances.update(instanceId, { passesHealthChecks });
  simulation.world.instanceChanged(scope, instanceId);
  simulation.settle();
  return { instanceId, passesHealthChecks };
}

const CHECK_FAILURES = [
  'Target.FailedHealthChecks',
  'Target.ResponseCodeMismatch',
  'Target.Timeout',
] as const;
const LATENCY_MS_MAX = 600_000;
const CRASH_MINUTES_MAX = 100_000;

/**
 * Declares what is wrong with an image, in place of what was: `{ faulty?, errorRate?, latencyMs?, crashAfterMinutes?,
 * failedCheck? }`. Instances launched from a `faulty` one never become healthy; the rest holds for those that run, too.
 */
export function setImageFault(simulation: Simulation, imageId: string, body: BodyReader): object {
  const member = body.object([
    'faulty',
    'errorRate',
    'latencyMs',
    'crashAfterMinutes',
    'failedCheck',
  ]);
  const number = (name: string, max: number) =>
    member(name).exists ? { [name]: member(name).number(0, max) } : {};
  const faulty = member('faulty').exists && member('faulty').boolean();
  const fault: ImageFault = {
    ...number('errorRate', 1),
    ...number('latencyMs', LATENCY_MS_MAX),
    ...number('crashAfterMinutes', CRASH_MINUTES_MAX),
    ...(member('failedCheck').exists
      ? { failedCheck: member('failedCheck').oneOf(CHECK_FAILURES) }
      : {}),
  };
  const scope = scopeHolding(
    simulation,
    (candidate) => candidate.tables.images.find(imageId) !== undefined,
  );
  if (scope === undefined) throw new ControlError('', `No image '${imageId}'`, 404);
  scope.tables.images.update(imageId, { faulty, fault });
  for (const instance of scope.tables.instances.all())
    if (instance.imageId === imageId) simulation.world.instanceChanged(scope, instance.instanceId);
  simulation.settle();
  return { imageId, faulty, ...fault };
}

function scopeHolding(simulation: Simulation, holds: (scope: Scope) => boolean): Scope | undefined {
  return simulation.world.scopes().find(holds);
}
