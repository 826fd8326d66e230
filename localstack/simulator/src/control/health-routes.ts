import type { Simulation } from '../server/simulation.js';
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

/** Declares an image faulty or sound: `{ faulty }`. Instances launched from a faulty one never become healthy. */
export function setImageFault(simulation: Simulation, imageId: string, body: BodyReader): object {
  const faulty = body.object(['faulty'])('faulty').boolean();
  const scope = scopeHolding(
    simulation,
    (candidate) => candidate.tables.images.find(imageId) !== undefined,
  );
  if (scope === undefined) throw new ControlError('', `No image '${imageId}'`, 404);
  scope.tables.images.update(imageId, { faulty });
  simulation.settle();
  return { imageId, faulty };
}

function scopeHolding(simulation: Simulation, holds: (scope: Scope) => boolean): Scope | undefined {
  return simulation.world.scopes().find(holds);
}
