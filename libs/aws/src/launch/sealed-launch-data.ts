import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { GennakerError } from '@gennaker/domain';
import type { LaunchData } from './launch-data.js';

const contents = new WeakMap<object, RequestLaunchTemplateData>();

/** Launch data as an empty object: whoever logs, stores or compares it sees nothing of the user data. */
export function sealLaunchData(data: RequestLaunchTemplateData): LaunchData {
  const sealed = Object.freeze({});
  contents.set(sealed, data);
  return sealed as LaunchData;
}

/** What was sealed. Throws INTERNAL for an object that did not come from a read of this process. */
export function openLaunchData(sealed: LaunchData): RequestLaunchTemplateData {
  const data = contents.get(sealed);
  if (data !== undefined) return data;
  throw new GennakerError('INTERNAL', 'Launch data did not come from a read of this process.');
}
