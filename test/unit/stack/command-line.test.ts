import { expect, test } from 'vitest';

import { parseArguments } from '../../../apps/stack/src/commands/arguments.js';
import { parseStackSettings } from '../../../apps/stack/src/config/stack-settings.js';

test.each([
  [['start'], { name: 'start' }],
  [['demo'], { name: 'demo', keep: false, play: undefined }],
  [['demo', '--keep'], { name: 'demo', keep: true, play: undefined }],
  [['demo', 'friday'], { name: 'demo', keep: false, play: 'friday' }],
  [['demo', '--keep', 'red-black'], { name: 'demo', keep: true, play: 'red-black' }],
  [['help'], { name: 'help' }],
  [['demo', '--help'], { name: 'help' }],
])('understands %j', (args, command) => {
  expect(parseArguments(args)).toEqual({ kind: 'command', command });
});

test.each([
  [[], 'Say what to do: start, demo or help.'],
  [['launch'], 'Unknown command "launch".'],
  [['start', '--keep'], 'Unknown argument of start: "--keep".'],
  [['demo', 'friday', 'red-black'], 'One demo at a time: "friday" or "red-black".'],
])('names what is wrong with %j', (args, fault) => {
  expect(parseArguments(args)).toEqual({ kind: 'wrong', fault });
});

test('names the demos that there are where one is unknown', () => {
  const { fault } = parseArguments(['demo', '--keep', 'a', 'b']) as { readonly fault: string };
  expect(fault).toMatch(/^Unknown arguments of demo: "a", "b"\. It knows --keep and .*red-black/);
  expect(fault).toMatch(/, friday\.$/);
});

test('keeps data below the current folder and runs everything where nothing is configured', () => {
  const settings = parseStackSettings({}, '/project');
  expect(settings).toMatchObject({
    dataDir: '/project/.gennaker',
    ports: {
      api: 8080,
      worker: 8081,
      temporal: 7233,
      temporalUi: 8233,
      postgres: 5433,
      standIn: 4566,
    },
    aws: 'standIn',
    standInScale: 20,
  });
  expect([settings.databaseUrl, settings.temporalAddress]).toEqual([undefined, undefined]);
});

test.each([
  [{ GENNAKER_AWS: 'real' }, 'configured'],
  [{ AWS_ENDPOINT_URL: 'http://localhost:4567' }, 'configured'],
  [{ AWS_ENDPOINT_URL: 'http://localhost:4567', GENNAKER_AWS: 'stand-in' }, 'standIn'],
  [{ AWS_PROFILE: 'production' }, 'standIn'],
])('%j means that AWS is %s', (env, aws) => {
  expect(parseStackSettings(env, '/').aws).toBe(aws);
});

test('names every fault of the configuration at once', () => {
  const env = { GENNAKER_API_PORT: '99999', TEMPORAL_ADDRESS: 'nowhere', GENNAKER_AWS: 'maybe' };
  const parse = (): unknown => parseStackSettings(env, '/');
  for (const name of Object.keys(env)) {
    expect(parse).toThrow(name);
  }
});
