import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['source', 'import', 'node', 'default'] };
const ssr = { resolve: { conditions: ['source', 'import', 'node', 'default'] } };

export default defineConfig({
  resolve,
  ssr,
  test: {
    environment: 'node',
    include: ['test/{unit,replay,contract,integration,e2e,house}/**/*.test.ts'],
  },
});
