import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAws, type AwsRegion } from '@gennaker/aws';

/** The room under test against a server that answers with what the test wrote. */
export interface CannedAws {
  readonly region: AwsRegion;
  /** What is answered, by action (of JSON: by target); anything else gets a page of something that is not AWS. */
  readonly replies: Record<string, string>;
  /** What was asked, oldest first. */
  readonly requests: readonly URLSearchParams[];
  close(): Promise<void>;
}

/** Starts it on a free port. */
export async function startCannedAws(): Promise<CannedAws> {
  const replies: Record<string, string> = {};
  const requests: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const form = new URLSearchParams(body);
      requests.push(form);
      const reply = replies[form.get('Action') ?? String(request.headers['x-amz-target'])];
      // As a proxy or a wrong endpoint would answer.
      if (reply === undefined) response.writeHead(404, { 'content-type': 'text/html' });
      response.end(reply ?? '<html>Not Found</html>');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const aws = createAws({
    accounts: [{ name: 'prod', accountId: '111111111111', regions: ['eu-west-1'] }],
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'unused' },
    pollSeconds: 1,
  });
  return {
    region: aws.region('prod', 'eu-west-1'),
    replies,
    requests,
    close: async () => {
      aws.close();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
