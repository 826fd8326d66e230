import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const methods = ['get', 'post'] as const;

/** Adds to every route the problems that it can answer with. */
export function describeProblems(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation !== undefined && path.startsWith('/v1/')) addProblems(operation, path);
    }
  }
  return document;
}

function addProblems(operation: Operation, path: string): void {
  const hasBody = operation.requestBody !== undefined;
  const problems: readonly (readonly [string, string, boolean])[] = [
    ['400', 'The body is no JSON or YAML; line and column are in it.', hasBody],
    ['404', 'There is no such thing.', path.includes('{')],
    ['409', 'The state of the execution, or of its cluster, forbids it.', isCommand(path)],
    ['413', 'The body is too large.', hasBody],
    ['415', 'The body is neither JSON nor YAML.', hasBody],
    ['422', 'Not of the documented shape; every fault has a JSON pointer.', true],
    ['503', 'A service is away; Retry-After says when to come back.', true],
    ['504', 'No worker answered in time; repeat with the same key.', true],
  ];
  for (const [status, description, applies] of problems) {
    if (applies) operation.responses[status] ??= problem(description);
  }
}

function isCommand(path: string): boolean {
  return /\/(retry|cancel)$/.test(path);
}

function problem(description: string) {
  return {
    description,
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    },
  };
}
