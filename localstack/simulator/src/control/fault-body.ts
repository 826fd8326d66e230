import type { FaultEffect, FaultMatch, FaultPoint, FaultRule } from '../server/faults.js';
import { OPERATIONS } from '../server/operations.js';
import type { BucketSize } from '../server/throttling.js';
import { isServiceName } from '../wire/sdk-model.js';
import { ControlError, type BodyReader } from './body.js';

/** Effects that have a meaning at one point only. */
const POINTS: Readonly<Partial<Record<FaultEffect['kind'], FaultPoint>>> = {
  truncate: 'after',
  stale: 'before',
};

const TIMES_MAX = 1_000_000;
const DELAY_MS_MAX = 600_000;
const STALE_SECONDS_MAX = 60;
const BYTES_MAX = 1_000_000;
const TOKENS_MAX = 100_000;
const EFFECTS = [
  ...(['error', 'throttle', 'bucket', 'deny', 'reset', 'close', 'silence'] as const),
  ...(['truncate', 'stale', 'operation', 'duplicate', 'hold', 'delay'] as const),
];

/** Reads a fault rule: `{ id?, match?, point?, effect, times? }`; a refusal says where. */
export function readFault(
  body: BodyReader,
  freshId: string,
): Pick<FaultRule, 'id' | 'match' | 'point' | 'effect' | 'times'> {
  const member = body.object(['id', 'match', 'point', 'effect', 'times']);
  const [id, match, point, times] = ['id', 'match', 'point', 'times'].map(member);
  const effect = readEffect(member('effect'));
  const usual = effect.kind === 'truncate' ? 'after' : 'before';
  const chosen = point?.exists ? point.oneOf(['before', 'after', 'instead']) : usual;
  const only = POINTS[effect.kind];
  if (only !== undefined && chosen !== only)
    throw new ControlError('/point', `'${effect.kind}' can only strike '${only}' the effect`);
  return {
    id: id?.exists ? id.text() : freshId,
    match: match?.exists ? readMatch(match) : {},
    point: chosen,
    effect,
    times: times?.exists ? times.integer(1, TIMES_MAX) : null,
  };
}

function readMatch(body: BodyReader): FaultMatch {
  const member = body.object([
    'service',
    'action',
    'region',
    'account',
    'resource',
    'callNumber',
    'attempt',
    'probability',
    'seed',
    'from',
    'until',
  ]);
  const given = <K extends keyof FaultMatch>(
    name: K,
    read: (reader: BodyReader) => FaultMatch[K],
  ): Pick<FaultMatch, K> => {
    const reader = member(name);
    return (reader.exists ? { [name]: read(reader) } : {}) as Pick<FaultMatch, K>;
  };
  return {
    ...given('service', textOf),
    ...given('action', textOf),
    ...given('region', textOf),
    ...given('account', textOf),
    ...given('resource', textOf),
    ...given('callNumber', (reader) => reader.integer(1, TIMES_MAX)),
    ...given('attempt', (reader) => reader.integer(1, 100)),
    ...given('probability', (reader) => reader.number(0, 1)),
    ...given('seed', textOf),
    ...given('from', instantOf),
    ...given('until', instantOf),
  };
}

function readEffect(body: BodyReader): FaultEffect {
  const member = body.object([
    'kind',
    'code',
    'status',
    'message',
    'milliseconds',
    'capacity',
    'refillPerSecond',
    'bytes',
    'ageSeconds',
    'service',
    'action',
    'input',
  ]);
  const kind = member('kind').oneOf(EFFECTS);
  switch (kind) {
    case 'error': {
      const status = member('status');
      const message = member('message');
      const code = member('code').text();
      return {
        kind,
        code,
        status: status.exists ? status.integer(300, 599) : 400,
        message: message.exists ? message.text() : `${code} by a fault of the stand-in`,
      };
    }
    case 'delay':
      return { kind, milliseconds: member('milliseconds').number(0, DELAY_MS_MAX) };
    case 'bucket':
      return { kind, size: readSize(member) };
    case 'truncate':
      return { kind, bytes: member('bytes').integer(0, BYTES_MAX) };
    case 'stale':
      return { kind, ageSeconds: member('ageSeconds').number(0, STALE_SECONDS_MAX) };
    case 'operation':
      return readOperation(member);
    case 'throttle':
    case 'deny':
    case 'reset':
    case 'close':
    case 'silence':
    case 'duplicate':
    case 'hold':
      return { kind };
  }
}

function textOf(reader: BodyReader): string {
  return reader.text();
}

/** A bucket's size is given whole, or left to AWS. */
function readSize(member: (name: string) => BodyReader): BucketSize | undefined {
  const [capacity, refill] = [member('capacity'), member('refillPerSecond')];
  if (!capacity.exists && !refill.exists) return undefined;
  return {
    capacity: capacity.number(1, TOKENS_MAX),
    refillPerSecond: refill.number(0, TOKENS_MAX),
  };
}

function readOperation(member: (name: string) => BodyReader): FaultEffect {
  const service = member('service').text();
  const action = member('action').text();
  const isThere = isServiceName(service) && Object.hasOwn(OPERATIONS[service], action);
  if (!isThere) throw new ControlError('/effect/action', `No operation ${action} of '${service}'`);
  return { kind: 'operation', service, action, input: member('input').record() };
}

function instantOf(reader: BodyReader): string {
  const text = reader.text();
  if (Number.isNaN(Date.parse(text))) throw reader.wrong('an instant (ISO 8601)');
  return text;
}
