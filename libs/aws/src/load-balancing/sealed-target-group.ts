import type {
  CreateTargetGroupInput,
  TargetGroupAttribute,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GennakerError } from '@gennaker/domain';
import type { TargetGroupSettings } from './target-group-calls.js';

/** What a clone is made from; without a name and without tags. */
export interface TargetGroupContents {
  readonly create: Omit<CreateTargetGroupInput, 'Name' | 'Tags'>;
  readonly attributes: readonly TargetGroupAttribute[];
}

const contents = new WeakMap<object, TargetGroupContents>();

/** The settings as an empty object: nobody outside of this room reads AWS's words in them. */
export function sealTargetGroup(settings: TargetGroupContents): TargetGroupSettings {
  const sealed = Object.freeze({});
  contents.set(sealed, settings);
  return sealed as TargetGroupSettings;
}

/** What was sealed. Throws INTERNAL for an object that did not come from a read of this process. */
export function openTargetGroup(sealed: TargetGroupSettings): TargetGroupContents {
  const settings = contents.get(sealed);
  if (settings !== undefined) return settings;
  throw new GennakerError('INTERNAL', 'The settings did not come from a read of this process.');
}
