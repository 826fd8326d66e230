import { expect, test } from 'vitest';
import { countInService } from './refreshing.js';
import { eachTestOnNewGround } from './new-ground.js';
import { describeGroup, groupInService, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
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
