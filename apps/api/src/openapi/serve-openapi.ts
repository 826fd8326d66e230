import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';

import { openApiDocument } from './openapi-document.js';

/** Serves `/openapi.json`, and pages to read it at `/docs`, whose files come from this process alone. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Gennaker API',
    swaggerOptions: { validatorUrl: null, tryItOutEnabled: true },
  });
}
