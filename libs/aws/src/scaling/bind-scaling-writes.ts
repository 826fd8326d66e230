import type { AwsCaller } from '../calling/aws-caller.js';
import type { ScalingWrites } from './scaling-writes.js';
import { deleteAlarms, putAlarm } from './write-alarms.js';
import {
  enableMetrics,
  putNotification,
  putScalingPolicy,
  putScheduledActions,
  putWarmPool,
} from './write-scaling.js';

/** The writes of what hangs on server groups, on one account and region. */
export function bindScalingWrites(caller: AwsCaller): ScalingWrites {
  return {
    putScalingPolicy: (request, options) => putScalingPolicy(caller, request, options),
    putScheduledActions: (request, options) => putScheduledActions(caller, request, options),
    putWarmPool: (request, options) => putWarmPool(caller, request, options),
    putNotification: (request, options) => putNotification(caller, request, options),
    enableMetrics: (request, options) => enableMetrics(caller, request, options),
    putAlarm: (request, options) => putAlarm(caller, request, options),
    deleteAlarms: (names, options) => deleteAlarms(caller, names, options),
  };
}
