import type { FaultEffect, FaultMatch, FaultRule } from '../server/faults.js';
import type { BodyReader } from './body.js';

const TIMES_MAX = 1_000_000;
const DELAY_MS_MAX = 600_000;
const EFFECTS = ['error', 'throttle', 'reset', 'hold', 'delay'] as const;

/** Reads a fault rule: `{ id?, match?, point?, effect, times? }`; a refusal says where. */
export function readFault(
  body: BodyReader,
  freshId: string,
): Pick<FaultRule, 'id' | 'match' | 'point' | 'effect' | 'times'> {
  const member = body.object(['id', 'match', 'point', 'effect', 'times']);
  const [id, match, point, times] = ['id', 'match', 'point', 'times'].map(member);
  return {
    id: id?.exists ? id.text() : freshId,
    match: match?.exists ? readMatch(match) : {},
    point: point?.exists ? point.oneOf(['before', 'after', 'instead']) : 'before',
    effect: readEffect(member('effect')),
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
  };
}

function readEffect(body: BodyReader): FaultEffect {
  const member = body.object(['kind', 'code', 'status', 'message', 'milliseconds']);
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
    case 'throttle':
    case 'reset':
    case 'hold':
      return { kind };
  }
}

function textOf(reader: BodyReader): string {
  return reader.text();
}
