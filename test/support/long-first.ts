import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest comes first, so that no worker is left alone with it at the end; the rest stays as it is. */
const longestFirst = [
  'test/e2e/matrix.',
  'test/e2e/rolling.',
  'test/e2e/denied.',
  'test/e2e/worker-killed.',
  'test/e2e/rollback.',
  'test/e2e/temporal-away.',
  'test/e2e/postgres-away.',
  'test/e2e/rolling-replacement.',
  'test/e2e/',
  'test/integration/stack/',
  'test/contract/suite/moto.',
  'test/integration/',
];

/** Orders test files by how long their kind takes. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = longestFirst.findIndex((part) => moduleId.includes(part));
  return rank === -1 ? longestFirst.length : rank;
}
