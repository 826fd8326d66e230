import { checkStageGraph, upstreamRefIds } from '@gennaker/domain';
import type { GraphStage } from '@gennaker/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';

function wait(refId: string, ...requisiteStageRefIds: string[]): GraphStage {
  return { refId, type: 'wait', requisiteStageRefIds };
}

function faultsOf(...stages: GraphStage[]) {
  return checkStageGraph({ stages }).map(({ kind, pointer }) => ({ kind, pointer }));
}

test('finds nothing wrong with branches that join again', () => {
  expect(faultsOf(wait('a'), wait('b', 'a'), wait('c', 'a'), wait('d', 'b', 'c'))).toEqual([]);
});

test('points at the second stage that uses a refId', () => {
  expect(checkStageGraph({ stages: [wait('a'), wait('b'), wait('a')] })).toEqual([
    {
      kind: 'duplicateRefId',
      pointer: '/stages/2/refId',
      detail: 'refId "a" is already used by the stage at /stages/0',
    },
  ]);
});

test('points at a reference to a stage that is not there', () => {
  expect(faultsOf(wait('a'), wait('b', 'a', 'gone'))).toEqual([
    { kind: 'danglingReference', pointer: '/stages/1/requisiteStageRefIds/1' },
  ]);
});

test('calls a stage that waits for itself a self reference and not also a cycle', () => {
  expect(faultsOf(wait('a', 'a'))).toEqual([
    { kind: 'selfReference', pointer: '/stages/0/requisiteStageRefIds/0' },
  ]);
});

test('names the stages of a cycle in order', () => {
  const faults = checkStageGraph({ stages: [wait('a', 'c'), wait('b', 'a'), wait('c', 'b')] });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatchObject({ kind: 'cycle', pointer: '/stages/0/requisiteStageRefIds' });
  expect(faults[0]?.detail).toContain('a → c → b → a');
});

test('names two cycles that share a stage, and leaves out what only hangs below them', () => {
  const faults = checkStageGraph({
    stages: [wait('a', 'b', 'c'), wait('b', 'a'), wait('c', 'a'), wait('below', 'c')],
  });
  expect(faults.map((fault) => fault.detail.split(': ')[1])).toEqual(['a → b → a', 'a → c → a']);
});

test('refuses an image of a stage that does not come before, or that finds no image', () => {
  const find: GraphStage = { ...wait('find'), type: 'findImage' };
  const deploy = (image: GraphStage['image'], ...requisites: string[]): GraphStage => ({
    ...wait('deploy', ...requisites),
    type: 'deploy',
    ...(image === undefined ? {} : { image }),
  });
  const pointer = '/stages/2/image/fromStage';
  const beside = wait('beside');
  expect(faultsOf(find, beside, deploy({ fromStage: 'find' }, 'beside'))).toEqual([
    { kind: 'notUpstream', pointer },
  ]);
  expect(faultsOf(find, beside, deploy({ fromStage: 'beside' }, 'beside'))).toEqual([
    { kind: 'wrongStageType', pointer },
  ]);
  expect(faultsOf(find, beside, deploy({ fromStage: 'gone' }))).toEqual([
    { kind: 'danglingReference', pointer },
  ]);
  expect(faultsOf(find, beside, deploy({ fromStage: 'deploy' }))).toEqual([
    { kind: 'selfReference', pointer },
  ]);
  expect(faultsOf(find, wait('beside', 'find'), deploy({ fromStage: 'find' }, 'beside'))).toEqual(
    [],
  );
});

test('refuses to compare an output of a stage type that leaves none', () => {
  const check: GraphStage = {
    ...wait('check', 'a'),
    type: 'checkPreconditions',
    preconditions: [{ type: 'clusterSize' }, { type: 'stageOutput', stage: 'a' }],
  };
  expect(faultsOf(wait('a'), check)).toEqual([
    { kind: 'wrongStageType', pointer: '/stages/1/preconditions/1/stage' },
  ]);
});

test('finds a cycle exactly when some stage is upstream of itself', () => {
  const refIds = ['a', 'b', 'c', 'd', 'e', 'f'];
  const graphs = fc
    .tuple(...refIds.map(() => fc.uniqueArray(fc.constantFrom(...refIds), { maxLength: 3 })))
    .map((edges) =>
      refIds.map((refId, index) =>
        wait(refId, ...(edges[index] ?? []).filter((requisite) => requisite !== refId)),
      ),
    );
  fc.assert(
    fc.property(graphs, (stages) => {
      const circular = stages.some((stage) =>
        upstreamRefIds(stages, stage.refId).includes(stage.refId),
      );
      const cycles = checkStageGraph({ stages }).filter((fault) => fault.kind === 'cycle');
      expect(cycles.length > 0).toBe(circular);
    }),
  );
});
