import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { startSimulator } from '@gennaker/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layGround } from './ground.js';
import {
  clientSettings,
  groupInService,
  groupOf,
  instanceIds,
  startStandIn,
  targetStates,
  type StandIn,
} from './stand-in.js';

let folder: string;
const opened: StandIn[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stand-in-'));
});

afterEach(async () => {
  for (const standIn of opened.splice(0)) await standIn.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

async function open(dataFile: string): Promise<StandIn> {
  const standIn = await startStandIn({ dataFile });
  opened.push(standIn);
  return standIn;
}

/** Opens the world as a process that was killed this very instant has left it. */
async function openAfterKill(): Promise<StandIn> {
  const copy = join(folder, `copy-${opened.length}.jsonl`);
  await copyFile(join(folder, 'world.jsonl'), copy);
  return open(copy);
}

test('after a kill the world, its plans and its time go on', async () => {
  const first = await open(join(folder, 'world.jsonl'));
  const ground = await layGround(first);
  await first.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 3)));
  await first.advance(9);
  const ids = await instanceIds(first);
  const { body: before } = await first.control('GET', '/clock');

  const second = await openAfterKill();
  expect((await second.control('GET', '/clock')).body).toEqual(before);
  expect(await instanceIds(second)).toEqual(ids);
  await second.advance(10);
  expect(await targetStates(second, ground.targetGroupArn)).toEqual([
    'healthy',
    'healthy',
    'healthy',
  ]);
  await second.advance(3600);
  expect(await instanceIds(second)).toEqual(ids);
});

test('faults, shortages and traffic survive too, and new ids are new', async () => {
  const first = await open(join(folder, 'world.jsonl'));
  const ground = await layGround(first);
  const ids = await groupInService(first, ground);
  await first.control('POST', '/faults', {
    match: { action: 'DescribeVpcs' },
    effect: { kind: 'throttle' },
  });
  await first.control('POST', '/capacity', {
    region: 'eu-west-1',
    zones: ['eu-west-1a'],
    available: false,
  });
  await first.control('POST', '/traffic', { name: 'web', requestsPerSecond: 10 });
  await first.advance(50);

  const second = await openAfterKill();
  expect((await second.control('GET', '/faults')).body).toEqual(
    (await first.control('GET', '/faults')).body,
  );
  expect((await second.control('GET', '/capacity')).body).toEqual(
    (await first.control('GET', '/capacity')).body,
  );
  await second.advance(50);
  expect((await second.control('GET', '/traffic')).body).toMatchObject({
    streams: [{ requests: 1000, requestsWithNoHealthyTarget: 0 }],
  });
  await groupInService(second, ground, { AutoScalingGroupName: 'web-v001' });
  const others = await instanceIds(second, 'web-v001');
  expect(others.filter((id) => ids.includes(id))).toEqual([]);
});

test('a torn last line is dropped, a damaged one in the middle is named', async () => {
  const dataFile = join(folder, 'world.jsonl');
  const first = await open(dataFile);
  const ground = await layGround(first);
  const torn = join(folder, 'torn.jsonl');
  await copyFile(dataFile, torn);
  await appendFile(torn, '[["world/keep');
  const second = await open(torn);
  expect(await targetStates(second, ground.targetGroupArn)).toEqual([]);
  const damaged = join(folder, 'damaged.jsonl');
  await writeFile(damaged, 'nonsense\n[]\n');
  await expect(startSimulator({ clock: { kind: 'virtual' }, dataFile: damaged })).rejects.toThrow(
    /damaged.jsonl is damaged/,
  );
});

interface Process {
  readonly child: ChildProcess;
  readonly url: string;
}

const entry = fileURLToPath(new URL('../../../localstack/simulator/dist/main.js', import.meta.url));

async function startProcess(environment: Readonly<Record<string, string>>): Promise<Process> {
  const child = spawn(process.execPath, [entry], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

test('the process survives kill -9 with its scaled time running on, and ends on SIGTERM', async () => {
  const environment = {
    STAND_IN_PORT: '0',
    STAND_IN_TIME_SCALE: '100',
    STAND_IN_DATA: join(folder, 'world.jsonl'),
  };
  const first = await startProcess(environment);
  const clock = async (url: string) =>
    Date.parse(((await (await fetch(`${url}/_simulator/clock`)).json()) as { now: string }).now);
  await fetch(`${first.url}/_simulator/clock/advance`, {
    method: 'POST',
    body: '{"seconds":86400}',
  });
  const [realBefore, before] = [Date.now(), await clock(first.url)];
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await startProcess(environment);
  const after = await clock(second.url);
  const passed = Date.now() - realBefore;
  expect(after).toBeGreaterThan(before);
  expect(after - before).toBeLessThanOrEqual((passed + 10) * 100);
  const client = new AutoScalingClient(clientSettings(second.url, '111111111111'));
  await expect(
    client.send(
      new CreateAutoScalingGroupCommand({ AutoScalingGroupName: 'a', MinSize: 0, MaxSize: 0 }),
    ),
  ).rejects.toThrow(/Zone/);
  client.destroy();
  second.child.kill('SIGTERM');
  expect(await once(second.child, 'exit')).toEqual([0, null]);
});

test('a taken port is named together with the variable that changes it', async () => {
  const { running } = await open(join(folder, 'world.jsonl'));
  const child = spawn(process.execPath, [entry], {
    env: { STAND_IN_PORT: String(running.port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(text).toMatch(new RegExp(`${running.port}.*STAND_IN_PORT`));
});
