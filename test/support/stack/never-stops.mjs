import { createServer } from 'node:http';

process.on('SIGTERM', () => undefined);
createServer((_request, response) => response.end('ok')).listen(
  Number(process.env.GENNAKER_API_PORT),
  '127.0.0.1',
);
