import { GennakerError, type ErrorCode, type JsonObject } from '@gennaker/domain';
import { faultTable, type FaultRow } from './fault-table.js';
import type { ServiceName } from '../ports.js';

/** What was attempted, for the message and the details of an error. */
export interface AttemptedCall {
  readonly service: ServiceName;
  readonly action: string;
  /** The name or ARN that the call is about. */
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  /** The configured role, or the account's ambient credentials in words. */
  readonly role: string;
}

/** AWS's reply as far as it is known. */
interface FaultFacts {
  readonly awsCode: string;
  readonly awsMessage: string;
  readonly httpStatus: number | null;
  readonly requestId: string | null;
}

/**
 * Any failure of a call as a GennakerError by the fault table; details carry service, action, resource, account, region,
 * role, AWS's code and request id. Errors of ours pass unchanged. Total.
 */
export function translateFault(error: unknown, call: AttemptedCall): GennakerError {
  if (error instanceof GennakerError) return error;
  const facts = readFault(error);
  const row = findRow(facts, call.service);
  const code = row?.errorCode ?? codeWithoutRow(facts, error);
  const principal = principalIn(facts.awsMessage) ?? call.role;
  return new GennakerError(code, messageOf(code, facts, { ...call, role: principal }), {
    details: detailsOf(facts, { ...call, role: principal }, row),
    cause: error,
    ...(row?.retryAfterSeconds !== undefined && { retryAfterSeconds: row.retryAfterSeconds }),
  });
}

/** Whether a repeat needs fresh credentials (ExpiredToken and RequestExpired). */
export function needsFreshCredentials(error: GennakerError): boolean {
  const code = error.details['awsCode'];
  return typeof code === 'string' && /^(ExpiredToken|RequestExpired)/.test(code);
}

function readFault(error: unknown): FaultFacts {
  const fields = fieldsOf(error);
  const metadata = fieldsOf(fields['$metadata']);
  const status = metadata['httpStatusCode'];
  const requestId = metadata['requestId'] ?? fields['RequestId'];
  return {
    awsCode: awsCodeOf(fields),
    awsMessage: cleanMessage(error instanceof Error ? error.message : String(error)),
    httpStatus: typeof status === 'number' ? status : null,
    requestId: typeof requestId === 'string' ? requestId : null,
  };
}

/** The wire code where there is one (`Code`), else the class name of the SDK, else the socket's code. */
function awsCodeOf(fields: Readonly<Record<string, unknown>>): string {
  const nested = fieldsOf(fields['Error']);
  for (const code of [fields['Code'], nested['Code'], fields['code'], fields['name']]) {
    if (typeof code === 'string' && code !== '') return code;
  }
  return 'Unknown';
}

/** EC2's encoded authorization message is kilobytes of cipher text and helps nobody who reads the error. */
function cleanMessage(message: string): string {
  const [text = ''] = message.split(/\s*Encoded authorization failure message/);
  return text.slice(0, 1_000);
}

function findRow(facts: FaultFacts, service: ServiceName): FaultRow | undefined {
  const code = facts.awsCode.replace(/(Fault|Exception|Error)$/, '');
  const candidates = [code, facts.awsCode].filter((candidate) => candidate !== '');
  return faultTable.find(
    (row) =>
      (row.service === undefined || row.service === service) &&
      candidates.some((candidate) => row.code.test(candidate)) &&
      (row.message === undefined || row.message.test(facts.awsMessage)),
  );
}

function codeWithoutRow(facts: FaultFacts, error: unknown): ErrorCode {
  const { httpStatus } = facts;
  if (httpStatus === 429) return 'AWS_THROTTLED';
  if (httpStatus !== null && httpStatus >= 400 && httpStatus < 500) return 'AWS_INVALID';
  // Without a status the request may have had its effect: a broken reply, a reset, a timeout. Only our own bugs differ.
  const isOurs = error instanceof TypeError || error instanceof RangeError;
  return isOurs && httpStatus === null && !('code' in error) ? 'INTERNAL' : 'AWS_UNAVAILABLE';
}

function principalIn(message: string): string | null {
  return /\b(?:User|Principal): (\S+) is not authorized/.exec(message)?.[1] ?? null;
}

/** AWS names the action that it refused: AssumeRole may be refused before the call itself is made. */
function refusedAction(facts: FaultFacts, call: AttemptedCall): string {
  const named = /is not authorized to perform: ([\w-]+:\w+)/.exec(facts.awsMessage)?.[1];
  return named ?? apiAction(call);
}

/** As IAM policies name it: CloudWatch signs as `monitoring` and is `cloudwatch` everywhere else. */
function apiAction({ service, action }: AttemptedCall): string {
  return `${service === 'monitoring' ? 'cloudwatch' : service}:${action}`;
}

function messageOf(code: ErrorCode, facts: FaultFacts, call: AttemptedCall): string {
  const where = `${call.resource} (account ${call.account}, ${call.region})`;
  const said = `${facts.awsCode}: ${facts.awsMessage}`;
  if (code === 'AWS_DENIED') {
    return (
      `${call.role} may not ${refusedAction(facts, call)} on ${where}. AWS said ${said}. ` +
      `Allow this action for the role, then retry.`
    );
  }
  return `${apiAction(call)} on ${where} failed: ${said}`;
}

function detailsOf(facts: FaultFacts, call: AttemptedCall, row: FaultRow | undefined): JsonObject {
  return {
    service: call.service,
    action: call.action,
    resource: call.resource,
    account: call.account,
    region: call.region,
    role: call.role,
    ...(row?.errorCode === 'AWS_DENIED' && { refusedAction: refusedAction(facts, call) }),
    awsCode: facts.awsCode,
    awsMessage: facts.awsMessage,
    httpStatus: facts.httpStatus,
    requestId: facts.requestId,
    ...(row?.retryForSeconds !== undefined && { retryForSeconds: row.retryForSeconds }),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
