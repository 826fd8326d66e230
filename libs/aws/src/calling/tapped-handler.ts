import { NodeHttpHandler } from '@smithy/node-http-handler';

type HandleParameters = Parameters<NodeHttpHandler['handle']>;
type HandleReply = Awaited<ReturnType<NodeHttpHandler['handle']>>;

/** Told of one request on the wire. */
export interface CallTap {
  /** Right before the request leaves: signed, credentials in hand. A throw keeps it from leaving. */
  readonly leaving: () => void;
  /** The reply's head is there, of success and failure alike. */
  readonly replied: (dateHeader: string | undefined) => void;
  /** The reply's whole text, before it is parsed. */
  readonly onBody?: ((text: string) => void) | undefined;
}

/** Options of one `send`: the SDK hands them to the request handler as they are. */
export interface TappedOptions {
  readonly abortSignal: AbortSignal;
  readonly tap: CallTap;
}

/** The SDK's HTTP handler, telling the call's own tap what passes. Requests without a tap (STS) just pass. */
export class TappedHandler extends NodeHttpHandler {
  override async handle(
    request: HandleParameters[0],
    options: HandleParameters[1] & { readonly tap?: CallTap } = {},
  ): Promise<HandleReply> {
    const { tap, ...handlerOptions } = options;
    tap?.leaving();
    const reply = await super.handle(request, handlerOptions);
    tap?.replied(reply.response.headers['date']);
    if (tap?.onBody !== undefined) reply.response.body = await readBody(reply, tap.onBody);
    return reply;
  }
}

/** Reads the stream and gives its bytes, which the SDK takes in its place. */
async function readBody(reply: HandleReply, onBody: (text: string) => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reply.response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  onBody(bytes.toString('utf8'));
  return bytes;
}
