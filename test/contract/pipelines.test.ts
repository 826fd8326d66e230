import { readdirSync, readFileSync } from 'node:fs';

import { definitionSchema } from '@gennaker/api';
import { pipelineSchema } from '@gennaker/contract';
import { checkStageGraph } from '@gennaker/domain';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const folder = new URL('../../pipelines/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

function read(file: string): unknown {
  return parse(readFileSync(new URL(file, folder), 'utf8'));
}

test('there are example pipelines', () => {
  expect(files).toContain('red-black.yaml');
});

describe.each(files)('%s', (file) => {
  test('is a pipeline that the control plane takes', () => {
    expect(definitionSchema['~standard'].validate(read(file))).not.toHaveProperty('issues');
  });

  test('has a graph without faults', () => {
    expect(checkStageGraph(pipelineSchema.parse(read(file)))).toEqual([]);
  });

  test('is explained in the README beside it', () => {
    expect(readFileSync(new URL('README.md', folder), 'utf8')).toContain(file);
  });
});

test('red-black.yaml finds an image, deploys it red/black, lets it settle and verifies', () => {
  const { application, stages } = pipelineSchema.parse(read('red-black.yaml'));
  expect(application).toBe('web');
  expect(stages.map(({ refId, type }) => [refId, type])).toEqual([
    ['find', 'findImage'],
    ['deploy', 'deploy'],
    ['settle', 'wait'],
    ['verify', 'checkPreconditions'],
  ]);
  expect(stages[1]).toMatchObject({
    account: 'demo',
    region: 'eu-west-1',
    stack: 'prod',
    image: { fromStage: 'find' },
    strategy: { type: 'redBlack' },
    timeoutSeconds: 600,
  });
});

test('rolling.yaml replaces the instances in place, with a checkpoint, and never with less in service', () => {
  const { stages } = pipelineSchema.parse(read('rolling.yaml'));
  expect(stages.map(({ refId }) => refId)).toEqual(['find', 'deploy', 'verify']);
  expect(stages[1]).toMatchObject({
    strategy: {
      type: 'rolling',
      minHealthyPercent: 100,
      checkpoints: [{ percent: 34 }, { percent: 100 }],
    },
  });
});

test('blue-green.yaml names the target groups and the listener of the stand-in, keeps the old fleet warm and ends that', () => {
  const { stages } = pipelineSchema.parse(read('blue-green.yaml'));
  expect(stages.map(({ refId }) => refId)).toEqual(['find', 'deploy', 'warm', 'retire']);
  expect(stages[1]).toMatchObject({
    strategy: {
      type: 'blueGreen',
      targetGroupArns: [
        expect.stringContaining('targetgroup/web-prod/'),
        expect.stringContaining('targetgroup/web-prod-2/'),
      ],
      ruleArns: [expect.stringContaining(':listener/app/web-prod/')],
      weightSteps: [{ percent: 10 }, { percent: 50 }],
      warmSeconds: 600,
    },
  });
});
