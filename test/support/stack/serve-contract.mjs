import { createServer } from 'node:http';

/**
 * Keeps the launcher's contract and does nothing else: listens on its port, answers its health route
 * and ends in an orderly way on SIGTERM. The launcher's tests start it in place of API, worker and
 * stand-in, because they are about processes and not about deployments.
 * GET /environment gives its environment; GET /fall ends it with status 7.
 */
export function serveContract(name, port) {
  const say = (text) => process.stdout.write(`${name} ${text}\n`);
  const server = createServer((request, response) => {
    if (request.url === '/fall') {
      say('falls as told');
      process.exit(7);
    }
    response.end(request.url === '/environment' ? JSON.stringify(process.env) : 'ok');
  });
  server.listen(Number(port), '127.0.0.1', () => say('listens'));
  process.on('SIGTERM', () => {
    say('ends');
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
