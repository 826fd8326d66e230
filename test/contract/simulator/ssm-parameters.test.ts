import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { clientSettings, errorOf, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});
let ssm: SSMClient;

beforeEach(async () => {
  ssm = new SSMClient(clientSettings(standIn.running.url, '111111111111'));
});

afterEach(() => ssm.destroy());

const image = { Name: '/images/web', Type: 'String', DataType: 'aws:ec2:image' } as const;

test('an image parameter is put, read, overwritten, and read by version', async () => {
  const put = async (Value: string, Overwrite = false) =>
    ssm.send(new PutParameterCommand({ ...image, Value, Overwrite }));
  expect((await put(ground.imageId)).Version).toBe(1);
  expect(await errorOf(put(ground.imageId))).toMatch(/^ParameterAlreadyExists/);
  expect((await put(ground.imageId, true)).Version).toBe(2);
  const { Parameter: latest } = await ssm.send(new GetParameterCommand({ Name: image.Name }));
  expect(latest).toMatchObject({ Value: ground.imageId, Version: 2, DataType: image.DataType });
  expect(latest?.ARN).toBe('arn:aws:ssm:eu-west-1:111111111111:parameter/images/web');
  const { Parameter: first } = await ssm.send(new GetParameterCommand({ Name: `${image.Name}:1` }));
  expect(first?.Version).toBe(1);
});

test('several are read at once, and the unknown ones named', async () => {
  await ssm.send(new PutParameterCommand({ ...image, Value: ground.imageId }));
  const found = await ssm.send(new GetParametersCommand({ Names: [image.Name, '/none'] }));
  expect(found.Parameters?.map(({ Name: name }) => name)).toEqual([image.Name]);
  expect(found.InvalidParameters).toEqual(['/none']);
});

test('what is wrong is refused', async () => {
  const put = async (change: object) =>
    errorOf(ssm.send(new PutParameterCommand({ ...image, Value: ground.imageId, ...change })));
  expect(await put({ Value: 'ami-00000000000000000' })).toMatch(/^ValidationException/);
  expect(await put({ Name: 'images/web' })).toMatch(/^ValidationException/);
  expect(await put({ Name: '/aws/web' })).toMatch(/^AccessDeniedException/);
  expect(await put({ DataType: 'text', Value: 'x'.repeat(4097) })).toMatch(/^ValidationException/);
  expect(await errorOf(ssm.send(new GetParameterCommand({ Name: '/none' })))).toMatch(
    /^ParameterNotFound/,
  );
  expect(await errorOf(ssm.send(new DeleteParameterCommand({ Name: '/none' })))).toMatch(
    /^ParameterNotFound/,
  );
});
