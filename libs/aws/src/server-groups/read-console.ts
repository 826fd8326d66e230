import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { ConsoleOutput } from '../aws-reads.js';
import type { CallOptions } from '../call-options.js';
import { hasAwsCode } from '../calling/is-code.js';

/** Of the last 64 KB that AWS gives. */
const bytesMax = 4_096;

/** See AwsReads. The latest output is for Nitro types only (API_GetConsoleOutput); others give what was posted at the launch. */
export async function getConsoleOutput(
  caller: AwsCaller,
  instanceId: string,
  options: CallOptions,
): Promise<ConsoleOutput> {
  const get = (latest: boolean) => {
    const command = new GetConsoleOutputCommand({ InstanceId: instanceId, Latest: latest });
    return caller.ec2(command, { ...options, resource: instanceId });
  };
  const reply = await get(true).catch((error: unknown) => {
    if (hasAwsCode(error, /^UnsupportedOperation$/)) return get(false);
    throw error;
  });
  const whole = Buffer.from(reply.Output ?? '', 'base64');
  return {
    instanceId,
    at: reply.Timestamp?.toISOString() ?? null,
    text: plainText(whole.subarray(-bytesMax)),
    isWhole: whole.length <= bytesMax,
  };
}

/** Colours and the like: ESC, a bracket, numbers, a letter (ECMA-48). */
const terminalCommands = new RegExp(`${String.fromCodePoint(0x1b)}\\[[0-9;?]*[A-Za-z]`, 'g');

/** Cut in the middle of a character, that character goes; so does what a terminal obeys and a database refuses. */
function plainText(bytes: Buffer): string {
  const begin = bytes.findIndex((byte) => byte >> 6 !== 0b10);
  return bytes
    .subarray(Math.max(0, begin))
    .toString('utf8')
    .replaceAll(terminalCommands, '')
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '');
}
