import { createServer } from 'node:http';

createServer((_request, response) => {
  response.writeHead(503);
  response.end('waiting for the schema');
}).listen(Number(process.env.GENNAKER_API_PORT), '127.0.0.1');
