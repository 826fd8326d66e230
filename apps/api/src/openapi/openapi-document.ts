import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { pipelineBodySchema, problemSchema, storedEventSchema } from '@gennaker/contract';
import { z } from 'zod';

import { definitionSchema } from '../pipelines/definition-schema.js';
import { describeProblems } from './describe-problems.js';

/** The document of every route, from the schemas that the routes check with. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Gennaker')
    .setDescription(
      'Deploys fleets of EC2 instances. Bodies are JSON or YAML; errors are problem details (RFC 9457) with a JSON pointer per fault.',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: (schema, { schemaType }) =>
      converted(
        schema === definitionSchema ? pipelineBodySchema : (schema as z.ZodType),
        schemaType,
      ),
  });
  document.components ??= {};
  document.components.schemas = {
    ...document.components.schemas,
    ...namedSchemas(problemSchema),
    ...namedSchemas(storedEventSchema),
  };
  return describeProblems(document);
}

function namedSchemas(schema: z.ZodType) {
  return converted(schema, 'output').components;
}

/** JSON Schema of a zod schema; whatever in it has an id becomes a component. */
function converted(schema: z.ZodType, io: 'input' | 'output') {
  const json = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => simplify(jsonSchema, io),
  });
  const text = JSON.stringify(json).replaceAll('#/$defs/', '#/components/schemas/');
  const { $defs = {}, $schema: _dialect, ...root } = convertedSchema.parse(JSON.parse(text));
  return { schema: root, components: $defs };
}

const convertedSchema = z.looseObject({
  $defs: z.record(z.string(), z.record(z.string(), z.unknown())).exactOptional(),
});

function simplify(jsonSchema: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void {
  // Answers may grow from release to release: a client must bear fields that it does not know.
  if (io === 'output' && jsonSchema.additionalProperties === false) {
    delete jsonSchema.additionalProperties;
  }
  // The bounds of what a double holds exactly say nothing about a field.
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
