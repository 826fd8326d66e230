import type { AwsCaller } from '../calling/aws-caller.js';
import {
  createTargetGroup,
  deleteTargetGroup,
  findTargetGroup,
  readTargetGroupSettings,
  writeTargetGroupAttributes,
} from './clone-target-group.js';
import type { TargetGroupReads, TargetGroupWrites } from './target-group-calls.js';

/** The reads for temporary target groups on one account and region. */
export function bindTargetGroupReads(caller: AwsCaller): TargetGroupReads {
  return {
    findTargetGroup: (name, options) => findTargetGroup(caller, name, options),
    readTargetGroupSettings: (arn, options) => readTargetGroupSettings(caller, arn, options),
  };
}

/** The writes of temporary target groups on one account and region. */
export function bindTargetGroupWrites(caller: AwsCaller): TargetGroupWrites {
  return {
    createTargetGroup: (request, options) => createTargetGroup(caller, request, options),
    writeTargetGroupAttributes: (change, options) =>
      writeTargetGroupAttributes(caller, change, options),
    deleteTargetGroup: (arn, options) => deleteTargetGroup(caller, arn, options),
  };
}
