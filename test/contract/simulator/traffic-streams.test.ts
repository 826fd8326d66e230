import { afterEach, beforeEach, expect, test } from 'vitest';
import { layGround } from './ground.js';
import { startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn();
  await layGround(standIn);
});

afterEach(async () => {
  await standIn.close();
});

test.each([
  [{ mix: [{ share: 0.4 }] }, '/mix'],
  [{ returningShare: 2 }, '/returningShare'],
  [{ mix: [{ share: 1, colour: 'red' }] }, '/mix/0/colour'],
])('the stream %j is refused', async (settings, pointer) => {
  const { status, body } = await standIn.control('POST', '/traffic', {
    name: 'web',
    requestsPerSecond: 1,
    ...settings,
  });
  expect(status).toBe(400);
  expect(body).toMatchObject({ pointer });
});
