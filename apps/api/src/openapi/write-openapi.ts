import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLogger, systemClock } from '@gennaker/platform';
import { openStore } from '@gennaker/store';

import { createApi } from '../create-api.js';
import { openApiDocument } from './openapi-document.js';

/** Writes the document of this release beside the code. Nothing is connected to: it follows from the routes alone. */
const target = fileURLToPath(new URL('../../openapi.json', import.meta.url));
const api = await createApi({
  store: openStore({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none', poolMax: 1 }),
  temporal: { address: '127.0.0.1:1', namespace: 'default', tls: false },
  logger: createLogger({ name: 'api', level: 'error' }),
  clock: systemClock,
});
writeFileSync(target, `${JSON.stringify(openApiDocument(api.app), null, 2)}\n`);
await api.close();
