import type { GetConsoleOutputRequest, GetConsoleOutputResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import { appOf } from '../world/image-fault.js';
import type { Scope } from '../world/scope.js';
import { failNotFound } from './instances.js';
import type { InstanceRecord } from './records.js';

/**
 * What instances write to their console, as GetConsoleOutput gives it: base64, the last 64 KB; without `Latest` what was
 * posted some time after the last change of state. Source: API_GetConsoleOutput, instance-console in the EC2 User Guide.
 */
const OUTPUT_BYTES_MAX = 65_536;
/** How long after a launch the buffered output is there: AWS says "shortly after". An assumption. */
const POSTED_AFTER_SECONDS = 180;
/** Families that are not on the Nitro system; all others are taken for such. */
const NOT_NITRO = /^(t1|t2|m1|m2|m3|m4|c1|c3|c4|cc2|r3|r4|x1|x1e|i2|i3|d2|h1|f1|g2|g3|g3s|p2|p3)\./;

export const consoleOutputHandlers: Handlers = {
  GetConsoleOutput: (
    { scope, reading }: Call,
    { InstanceId: id = '', Latest: latest = false }: GetConsoleOutputRequest,
  ): GetConsoleOutputResult => {
    const [instance] = scope.tables.instances.someAsOf([id], reading.asOf);
    if (instance === undefined) return failNotFound([id]);
    if (latest && NOT_NITRO.test(instance.instanceType)) {
      throw new AwsError(
        'UnsupportedOperation',
        'This instance type does not support retrieving the latest console logs.',
      );
    }
    const at = latest ? scope.now() : postedAt(scope, instance);
    if (at === undefined) return { InstanceId: id, Timestamp: new Date(scope.now()) };
    const text = Buffer.from(consoleOf(scope, instance, at)).subarray(-OUTPUT_BYTES_MAX);
    return { InstanceId: id, Timestamp: new Date(at), Output: text.toString('base64') };
  },
};

/** When the buffered output was last posted; `undefined`: not yet. */
function postedAt(scope: Scope, instance: InstanceRecord): number | undefined {
  const at = instance.launchedAt + POSTED_AFTER_SECONDS * 1000;
  return at <= scope.now() ? at : undefined;
}

/** The same for the same instance at the same time. What the application says is what its health checks meet. */
function consoleOf(scope: Scope, instance: InstanceRecord, at: number): string {
  const seconds = (at - instance.launchedAt) / 1000;
  const line = (after: number, text: string): readonly string[] =>
    after > seconds ? [] : [`[${after.toFixed(6).padStart(12)}] ${text}`];
  const { listens, failedCheck, errorRate } = appOf(scope, instance);
  const app = listens ? 'web.service: listening on port 80' : 'web.service: not listening';
  const lines = [
    ...line(0, `Linux version 6.1 (${instance.instanceType})`),
    ...line(2, `cloud-init: running modules for ${instance.instanceId} of ${instance.imageId}`),
    ...line(4, 'systemd[1]: Started web.service'),
    ...line(6, app),
    ...(failedCheck === undefined
      ? []
      : line(6, `web.service: health check failed: ${failedCheck}`)),
    ...(errorRate === 0 ? [] : line(6, `web.service: ${errorRate * 100} % of requests fail`)),
  ];
  return lines.map((text) => `${text}\r\n`).join('');
}
