import { writeFileSync } from 'node:fs';

import { serveContract } from './serve-contract.mjs';

writeFileSync(process.env.STAND_IN_DATA, '{}');
serveContract('stand-in', process.env.STAND_IN_PORT);
