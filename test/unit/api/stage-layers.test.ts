import { stageLayers } from '@gennaker/api';
import fc from 'fast-check';
import { expect, test } from 'vitest';

function stage(refId: string, ...requisiteStageRefIds: string[]) {
  return { refId, requisiteStageRefIds };
}

test('a stage is one layer behind the last of those before it, whatever the order', () => {
  const layers = stageLayers([
    stage('end', 'long', 'short'),
    stage('long', 'middle'),
    stage('short', 'start'),
    stage('middle', 'start'),
    stage('start'),
    stage('alone'),
  ]);
  expect(Object.fromEntries(layers)).toEqual({
    start: 0,
    alone: 0,
    middle: 1,
    short: 1,
    long: 2,
    end: 3,
  });
});

test('no stage is in the layer of one before it, and each layer has a reason', () => {
  const graphs = fc
    .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
    .map((edges) =>
      edges.map((before, index) =>
        stage(`s${index}`, ...(index === 0 ? [] : before.map((edge) => `s${edge % index}`))),
      ),
    );
  fc.assert(
    fc.property(graphs, (stages) => {
      const layers = stageLayers(stages.toReversed());
      for (const { refId, requisiteStageRefIds } of stages) {
        const before = requisiteStageRefIds.map((requisite) => layers.get(requisite) ?? -1);
        expect(layers.get(refId)).toBe(Math.max(-1, ...before) + 1);
      }
    }),
  );
});
