import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCannedAws, type CannedAws } from './canned-replies.js';

let aws: CannedAws;
beforeEach(async () => {
  aws = await startCannedAws();
});
afterEach(() => aws.close());

const id = 'i-0123456789abcdef0';

async function consoleOf(output: Buffer | string) {
  aws.replies['GetConsoleOutput'] =
    `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceId>${id}</instanceId>` +
    `<timestamp>2026-01-01T00:00:00.000Z</timestamp><output>${Buffer.from(output).toString('base64')}</output>` +
    '</GetConsoleOutputResponse>';
  return await aws.region.getConsoleOutput(id, { priority: 'screen' });
}

test('is text without what a terminal obeys and a database refuses', async () => {
  const { text } = await consoleOf('a\u001B[31mred\u001B[0m\r\n\tb\0c\u0007\r\n');
  expect(text).toBe('ared\n\tbc\n');
});

test('is the last 4 KiB, cut at a whole character', async () => {
  const long = await consoleOf(`${'x'.repeat(5000)}${'é'.repeat(2000)}y`);
  expect(long.isWhole).toBe(false);
  expect(Buffer.byteLength(long.text)).toBeLessThanOrEqual(4096);
  expect(long.text).toMatch(/^x+é+y$/);
  const cut = await consoleOf(`z${'é'.repeat(2048)}y`);
  expect(cut.text).toBe(`${'é'.repeat(2047)}y`);
});

test('is empty where there is nothing yet', async () => {
  aws.replies['GetConsoleOutput'] =
    `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceId>${id}</instanceId></GetConsoleOutputResponse>`;
  expect(await aws.region.getConsoleOutput(id, { priority: 'screen' })).toEqual({
    instanceId: id,
    at: null,
    text: '',
    isWhole: true,
  });
});
