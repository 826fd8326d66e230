import { serveContract } from './serve-contract.mjs';

serveContract('worker', process.env.GENNAKER_WORKER_PORT);
