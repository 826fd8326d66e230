import { defineConfig } from 'vitest/config';

import { LongFirst } from './test/support/long-first.js';

const resolve = { conditions: ['source', 'import', 'node', 'default'] };
const ssr = {
  // Vitest hands these to Node as --conditions, where 'import' would hold for require() too and give
  // pg the wrong face of its own packages; Node adds 'import', 'node' and 'default' by itself.
  resolve: { conditions: ['source'] },
  // A global setup would otherwise load our rooms from dist, which may be older than the sources.
  noExternal: [/^@gennaker\//],
};

export default defineConfig({
  resolve,
  ssr,
  test: {
    environment: 'node',
    sequence: { sequencer: LongFirst },
    // Files wait for services most of the time: twice as many as two cores may do so at once.
    maxWorkers: 4,
    // Real services on a busy machine: what is awaited comes, but not always within a second.
    expect: { poll: { timeout: 20_000, interval: 50 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'plain',
          include: ['test/{unit,contract,house}/**/*.test.ts'],
          // They leave nothing behind, and most of their time would go into reading the same modules again.
          isolate: false,
          // A bound for what hangs, not a measure of speed: a machine may have other things to do.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        // One Temporal server and one PostgreSQL for all of these files; unit tests start neither.
        extends: true,
        test: {
          name: 'services',
          include: ['test/{replay,integration,e2e}/**/*.test.ts'],
          globalSetup: ['test/support/services/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
