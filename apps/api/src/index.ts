export { createApi } from './create-api.js';
export type { Api } from './create-api.js';
export type { ApiParts } from './app-module.js';
export { openApiDocument } from './openapi/openapi-document.js';
export { definitionSchema } from './pipelines/definition-schema.js';
export type { TemporalSettings } from './temporal/temporal-connection.js';
