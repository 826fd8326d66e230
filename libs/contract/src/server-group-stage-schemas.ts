import { dynamicTargets, groupTagBounds, isReservedTagKey } from '@gennaker/domain';
import { z } from 'zod';

import {
  accountName,
  defaultTimeoutSeconds,
  pipelineBounds,
  regionName,
  stageBase,
  suspendableProcesses,
  timeout,
} from './stage-parts.js';

const clusterText = z.string().min(1).max(255);
const selectionSchema = z.union([
  z.strictObject({ name: clusterText }),
  z.strictObject({ cluster: clusterText, target: z.enum(dynamicTargets) }),
]);
const onServerGroup = {
  ...stageBase,
  timeoutSeconds: timeout(defaultTimeoutSeconds.serverGroup),
  account: accountName,
  region: regionName,
  serverGroup: selectionSchema,
};
const size = z.int().min(0).max(pipelineBounds.instancesMax);
const remainingHealthyMin = size.default(1);
const scaling = z.enum(['scaleUp', 'scaleDown']);

/** See the stage of that type in the domain. */
export const resizeServerGroupSchema = z.strictObject({
  ...onServerGroup,
  type: z.literal('resizeServerGroup'),
  resize: z.union([
    z
      .strictObject({
        action: z.literal('exact'),
        min: size.exactOptional(),
        desired: size.exactOptional(),
        max: size.exactOptional(),
      })
      .refine(
        ({ min, desired, max }) => (min ?? desired ?? max) !== undefined,
        'give min, desired or max',
      ),
    z.strictObject({ action: scaling, percent: z.int().min(1).max(1000) }),
    z.strictObject({ action: scaling, instances: z.int().min(1).max(pipelineBounds.instancesMax) }),
    z.strictObject({ action: z.literal('match'), serverGroup: selectionSchema }),
  ]),
  remainingHealthyMin,
});

/** See the stage of that type in the domain. */
export const enableServerGroupSchema = z.strictObject({
  ...onServerGroup,
  type: z.literal('enableServerGroup'),
  keepSuspended: z
    .array(z.enum(['Launch', 'Terminate', 'HealthCheck', 'ReplaceUnhealthy']))
    .max(4)
    .default([]),
});

/** See the stage of that type in the domain. */
export const disableServerGroupSchema = z.strictObject({
  ...onServerGroup,
  type: z.literal('disableServerGroup'),
  percent: z.int().min(1).max(100).default(100),
  remainingHealthyMin,
});

/** See the stage of that type in the domain. */
export const destroyServerGroupSchema = z.strictObject({
  ...onServerGroup,
  type: z.literal('destroyServerGroup'),
  allowServing: z.boolean().default(false),
  remainingHealthyMin,
});

const processes = z
  .array(z.enum([...suspendableProcesses, 'Launch', 'Terminate']))
  .min(1)
  .max(9);

/** See the stage of that type in the domain. */
export const suspendProcessesSchema = z.strictObject({
  ...onServerGroup,
  type: z.literal('suspendProcesses'),
  processes,
});

/** See the stage of that type in the domain. */
export const resumeProcessesSchema = z.strictObject({
  ...onServerGroup,
  type: z.literal('resumeProcesses'),
  processes,
});

/** See the stage of that type in the domain. */
export const pinServerGroupSchema = z.strictObject({
  ...onServerGroup,
  type: z.literal('pinServerGroup'),
});

/** See the stage of that type in the domain. */
export const unpinServerGroupSchema = z.strictObject({
  ...onServerGroup,
  type: z.literal('unpinServerGroup'),
});

const tagKey = z
  .string()
  .min(1)
  .max(groupTagBounds.keyCharactersMax)
  .refine((key) => !isReservedTagKey(key), 'keys that begin with aws: or gennaker: are reserved');

/** See the stage of that type in the domain. */
export const tagServerGroupSchema = z
  .strictObject({
    ...onServerGroup,
    type: z.literal('tagServerGroup'),
    tags: z
      .array(
        z.strictObject({
          key: tagKey,
          value: z.string().max(groupTagBounds.valueCharactersMax),
          propagateAtLaunch: z.boolean().default(false),
        }),
      )
      .max(groupTagBounds.tagsMax)
      .default([]),
    remove: z.array(tagKey).max(groupTagBounds.tagsMax).default([]),
  })
  .superRefine(({ tags, remove }, context) => {
    const keys = [...tags.map(({ key }) => key), ...remove];
    const fault = (message: string) =>
      context.addIssue({ code: 'custom', message, path: ['tags'] });
    if (keys.length === 0) fault('give tags to set, or keys to remove');
    if (new Set(keys).size < keys.length) fault('each key once, be it set or removed');
  });
