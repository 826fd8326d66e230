import { AwsError } from './aws-error.js';
import { readJsonInput, writeJsonOutput } from './json-wire.js';
import { readInput } from './query-reader.js';
import { findErrorName, SERVICES, type ServiceName } from './sdk-model.js';
import type { Operation } from './shape.js';
import { writeError, writeReply } from './xml-writer.js';

/** A message as it goes out. */
export interface Written {
  readonly type: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a success that is not 200. */
  readonly status?: number;
}

/** How one call is worded: what it asks for, and how it is answered in kind. */
export interface WireFormat {
  readonly read: (operation: Operation) => Readonly<Record<string, unknown>>;
  readonly writeReply: (operation: Operation, output: unknown) => Written;
  readonly writeError: (error: AwsError) => Written;
}

export const XML = 'text/xml;charset=utf-8';

/** The query protocols: a form in, XML out. */
export function queryFormat(
  service: ServiceName,
  parameters: ReadonlyMap<string, string>,
  requestId: string,
): WireFormat {
  return {
    read: (operation) => {
      const { version } = SERVICES[service];
      const dialect = service === 'ec2' ? 'ec2' : 'query';
      if (parameters.get('Version') !== version) {
        throw new AwsError(
          'InvalidAction',
          `Could not find operation ${operation.name} for version ${parameters.get('Version')}`,
        );
      }
      return readInput(parameters, operation.input, { dialect });
    },
    writeReply: (operation, output) => ({
      type: XML,
      body: writeReply(service, operation, { output, requestId }),
      headers: {},
    }),
    writeError: (error) => ({
      type: XML,
      body: writeError(service, error, requestId),
      headers: {},
    }),
  };
}

/** The JSON protocols. A service that once spoke query also tells its old error code, to who asks for it. */
export function jsonFormat(
  service: ServiceName,
  request: { readonly body: string; readonly type: string; readonly queryMode: boolean },
): WireFormat {
  const { type, queryMode } = request;
  return {
    read: (operation) => readJsonInput(request.body, operation.input),
    writeReply: (operation, output) => ({
      type,
      body: writeJsonOutput(operation.output, output),
      headers: {},
    }),
    writeError: (error) => ({
      type,
      body: JSON.stringify({
        __type: findErrorName(service, error.code) ?? error.code,
        message: error.message,
      }),
      headers: queryMode
        ? { 'x-amzn-query-error': `${error.code};${error.status >= 500 ? 'Receiver' : 'Sender'}` }
        : {},
    }),
  };
}
