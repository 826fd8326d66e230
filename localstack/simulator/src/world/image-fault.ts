import type { FailedCheck, ImageFault } from '../ec2/image-fault-record.js';
import type { InstanceRecord } from '../ec2/records.js';
import type { Scope } from './scope.js';

/** How the application on a running instance is now. */
export interface App {
  /** False: connections are refused. */
  readonly listens: boolean;
  readonly errorRate: number;
  readonly latencyMs: number;
  /** Why it fails a health check; `undefined`: it passes. */
  readonly failedCheck: FailedCheck | undefined;
}

/** The application of an instance, by its image's faults and what was said of the instance itself. */
export function appOf(scope: Scope, instance: InstanceRecord): App {
  const fault = faultOf(scope, instance);
  const crashesAt = crashInstantOf(instance, fault);
  const listens =
    scope.now() >= (instance.answersFrom ?? 0) &&
    (crashesAt === undefined || scope.now() < crashesAt);
  const marked = instance.passesHealthChecks ? undefined : 'Target.FailedHealthChecks';
  return {
    listens,
    errorRate: fault.errorRate ?? 0,
    latencyMs: fault.latencyMs ?? 0,
    failedCheck: listens ? (fault.failedCheck ?? marked) : 'Target.FailedHealthChecks',
  };
}

/** Plans the crash of an instance's application, if its image is declared to have one. */
export function planCrash(scope: Scope, instanceId: string): void {
  const instance = scope.tables.instances.find(instanceId);
  if (instance === undefined) return;
  const at = crashInstantOf(instance, faultOf(scope, instance));
  if (at === undefined) scope.cancel('instance:app-crashed', instanceId);
  else if (at > scope.now())
    scope.reschedule('instance:app-crashed', instanceId, (at - scope.now()) / 1000);
}

function faultOf(scope: Scope, instance: InstanceRecord): ImageFault {
  return scope.tables.images.find(instance.imageId)?.fault ?? {};
}

function crashInstantOf(instance: InstanceRecord, fault: ImageFault): number | undefined {
  if (fault.crashAfterMinutes === undefined) return undefined;
  return instance.launchedAt + fault.crashAfterMinutes * 60_000;
}
