import { serveContract } from './serve-contract.mjs';

serveContract('api', process.env.GENNAKER_API_PORT);
