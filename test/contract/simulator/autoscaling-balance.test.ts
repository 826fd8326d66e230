import { afterEach, beforeEach, expect, test } from 'vitest';
import { layGround, type Ground } from './ground.js';
import { countInService } from './refreshing.js';
import { describeGroup, groupInService, startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;
let ground: Ground;

beforeEach(async () => {
  standIn = await startStandIn();
  ground = await layGround(standIn);
});

afterEach(async () => {
  await standIn.close();
});

test('evening out ends nothing before what it has launched is in service', async () => {
  const shortage = { region: 'eu-west-1', zones: ['eu-west-1c'] };
  await standIn.control('POST', '/capacity', { ...shortage, available: false });
  await groupInService(standIn, ground);
  await standIn.control('POST', '/capacity', { ...shortage, available: true });
  expect((await countInService(standIn, 120)).least).toBe(3);
  const members = (await describeGroup(standIn))?.Instances ?? [];
  expect(new Set(members.map(({ AvailabilityZone: zone }) => zone)).size).toBe(3);
});
