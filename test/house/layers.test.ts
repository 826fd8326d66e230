import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cruise } from './cruise.js';
import type { Cruise } from './cruise.js';
import { throwawayHouse } from './throwaway-house.js';
import type { ThrowawayHouse } from './throwaway-house.js';

/** What one line of a room would break: the file, its import, and the rule that must speak. */
const forbidden: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ['libs/domain/src/a.ts', '../../platform/src/b.js', 'rooms-of-libs/domain'],
  ['libs/domain/src/b.ts', 'zod', 'packages-of-libs/domain'],
  ['libs/domain/src/c.ts', 'node:fs', 'node-in-libs/domain'],
  ['libs/contract/src/wire/a.ts', '../b.js', 'rooms-of-libs/contract/src/wire'],
  ['libs/contract/src/wire/b.ts', 'zod', 'packages-of-libs/contract/src/wire'],
  ['libs/contract/src/a.ts', '../../aws/src/b.js', 'rooms-of-libs/contract'],
  ['libs/aws/src/a.ts', '../../store/src/b.js', 'rooms-of-libs/aws'],
  ['libs/aws/src/c.ts', 'zod', 'packages-of-libs/aws'],
  ['libs/store/src/a.ts', '../../platform/src/b.js', 'rooms-of-libs/store'],
  ['libs/store/src/c.ts', '@aws-sdk/client-ec2', 'packages-of-libs/store'],
  ['libs/platform/src/a.ts', '../../contract/src/b.js', 'rooms-of-libs/platform'],
  ['workflows/src/a.ts', '../../libs/contract/src/b.js', 'rooms-of-workflows'],
  ['workflows/src/b.ts', '../../activities/src/c.js', 'rooms-of-workflows'],
  ['workflows/src/c.ts', 'zod', 'packages-of-workflows'],
  ['workflows/src/d.ts', 'node:crypto', 'node-in-workflows'],
  ['activities/src/a.ts', '../../workflows/src/e.js', 'rooms-of-activities'],
  ['activities/src/b.ts', '@aws-sdk/client-ec2', 'packages-of-activities'],
  ['activities/src/d.ts', '@temporalio/workflow', 'packages-of-activities'],
  ['apps/api/src/a.ts', '../../../libs/aws/src/b.js', 'rooms-of-apps/api'],
  ['apps/api/src/b.ts', '../../../activities/src/c.js', 'rooms-of-apps/api'],
  ['apps/worker/src/a.ts', '../../api/src/c.js', 'rooms-of-apps/worker'],
  ['apps/worker/src/b.ts', '@nestjs/core', 'packages-of-apps/worker'],
  ['apps/stack/src/a.ts', '../../../localstack/simulator/src/b.js', 'rooms-of-apps/stack'],
  ['apps/stack/src/b.ts', '../../../libs/store/src/b.js', 'rooms-of-apps/stack'],
  ['localstack/seed/src/a.ts', '../../simulator/src/b.js', 'rooms-of-localstack/seed'],
  [
    'localstack/simulator/src/a.ts',
    '../../../libs/domain/src/d.js',
    'rooms-of-localstack/simulator',
  ],
  ['apps/unheard/src/a.ts', '../../api/src/c.js', 'no-unknown-room'],
  ['apps/api/src/d.ts', '../../../test/support/a.js', 'rooms-of-apps/api'],
  ['apps/api/src/e.ts', './nowhere.js', 'not-resolvable'],
];

/** Modules to import, and imports that are allowed and must stay without a word. */
const allowed: Readonly<Record<string, string>> = {
  'libs/domain/src/d.ts': 'export const thing = 1;\n',
  'libs/platform/src/b.ts': "import { thing } from 'zod';\nexport { thing };\n",
  'libs/contract/src/b.ts': "export { thing } from '../../domain/src/d.js';\n",
  'libs/contract/src/c.ts': "export { thing } from './wire/c.js';\n",
  'libs/contract/src/wire/c.ts': "export { thing } from '../../../domain/src/d.js';\n",
  'libs/aws/src/b.ts': "export { thing } from '@aws-sdk/client-ec2';\n",
  'libs/store/src/b.ts': 'export const thing = 1;\n',
  'workflows/src/e.ts': "export { thing } from '@temporalio/workflow';\n",
  'workflows/src/f.ts': "export { thing } from '../../libs/contract/src/wire/c.js';\n",
  'activities/src/c.ts': "export { thing } from '../../libs/aws/src/b.js';\n",
  'apps/api/src/c.ts': "export { thing } from '@nestjs/core';\n",
  'localstack/simulator/src/b.ts': "export { thing } from '@aws-sdk/client-ec2';\n",
  'test/support/a.ts': "export { thing } from '../../apps/api/src/c.js';\n",
};

const packages = ['zod', '@aws-sdk/client-ec2', '@nestjs/core', '@temporalio/workflow'];

describe('who may import whom', () => {
  let house: ThrowawayHouse;
  let result: Cruise;

  beforeAll(() => {
    const broken = forbidden.map(([file, imported]): readonly [string, string] => [
      file,
      `import type { thing } from '${imported}';\nexport type Thing = typeof thing;\n`,
    ]);
    house = throwawayHouse({ ...allowed, ...Object.fromEntries(broken) }, packages);
    result = cruise(house.root);
  });
  afterAll(() => house.remove());

  it.each(forbidden)('%s may not import %s', (file, _imported, rule) => {
    const rules = result.violations.filter((line) => line.includes(`: ${file} ->`));
    expect(rules.map((line) => line.split(': ')[0])).toContain(rule);
  });

  it('allows what the table allows', () => {
    const files = Object.keys(allowed);
    const complaints = result.violations.filter((line) =>
      files.some((file) => line.includes(`: ${file} ->`)),
    );
    expect(complaints).toEqual([]);
  });

  it('forbids modules that import each other', () => {
    const circle = throwawayHouse({
      'libs/domain/src/one.ts': "export { two } from './two.js';\nexport const one = 1;\n",
      'libs/domain/src/two.ts': "export { one } from './one.js';\nexport const two = 2;\n",
    });
    try {
      expect(cruise(circle.root).violations.join()).toContain('no-circular');
    } finally {
      circle.remove();
    }
  });
});
