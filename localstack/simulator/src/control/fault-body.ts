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
  const texts = ['service', 'action', 'region', 'account', 'resource'];
  const member = body.object([...texts, 'callNumber', 'attempt', 'probability']);
  const given = <T>(name: string, read: (reader: BodyReader) => T) => {
    const reader = member(name);
    return reader.exists ? { [name]: read(reader) } : {};
  };
  return {
    ...Object.assign({}, ...texts.map((name) => given(name, (reader) => reader.text()))),
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
