import assert from 'node:assert/strict';
import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import { anyInstance, fleet } from '../ground/groups.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html';

async function consoleOf(stage: Stage, InstanceId: string, Latest: boolean) {
  return stage.ec2.send(new GetConsoleOutputCommand({ InstanceId, Latest }));
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'is-base64-and-says-when',
    title:
      'The latest console output of a Nitro instance is text in base64, with the time it was updated',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      const id = await anyInstance(stage, group);
      const found = await stage.eventually(
        'console output',
        async () => consoleOf(stage, id, true),
        ({ Output: output }) => (output ?? '') !== '',
      );
      assert.equal(found.InstanceId, id);
      assert.ok(found.Timestamp instanceof Date);
      const text = Buffer.from(found.Output ?? '', 'base64').toString('utf8');
      assert.match(text, /Linux/);
    },
  },
  {
    name: 'is-posted-after-a-while',
    title: 'Without Latest there is what was posted after the launch, sooner or later',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      const id = await anyInstance(stage, group);
      await stage.eventually(
        'posted console output',
        async () => consoleOf(stage, id, false),
        ({ Output: output }) => (output ?? '') !== '',
      );
    },
  },
  ...refusals([
    {
      name: 'refuses-unknown-id',
      title: 'The console of an instance that is not there is refused',
      code: 'InvalidInstanceID.NotFound',
      call: async (stage) => consoleOf(stage, 'i-0123456789abcdef0', false),
    },
  ]),
];

export const consoleOutputScenarios = topic(
  { name: 'console-output', service: 'ec2', documentation: API },
  behaviours,
);
