import type { CallOptions } from '@gennaker/aws';
import { GennakerError, type Checked } from '@gennaker/domain';

/**
 * A plan of at most so many instances gets no advice from further reads when it runs: DESIGN section 4 allows it twelve AWS
 * calls, and these reads cost half as many again. A preview always gets it.
 */
const unadvisedInstancesMax = 100;

/** Whether reads are made that decide nothing and only warn: for every preview, and for large plans. */
export function isAdvised(instances: number, { priority }: CallOptions): boolean {
  return priority === 'screen' || instances > unadvisedInstancesMax;
}

/** What was read, or in words why it could not be: advice never fails a plan. Throws the signal's reason, and bugs. */
export async function readOrReason<T>(
  options: CallOptions,
  read: () => Promise<T>,
): Promise<Checked<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof GennakerError)) throw error;
    return { unknown: error.message };
  }
}
