import { httpFaultCodes, problemStatus, problemTitle } from '@gennaker/contract';
import { errorCodes } from '@gennaker/domain';
import type { ErrorCode } from '@gennaker/domain';

import { code, table } from './markdown.js';

const retries = { never: 'no', later: 'yes, with back-off', afterDelay: 'yes, after the delay' };

/** Every code that a problem or a stage can carry. */
export function errorCodesTable(): string {
  const names = Object.keys(errorCodes) as ErrorCode[];
  const ours = names.map((name) => {
    const { meaning, retry, level } = errorCodes[name];
    const person = level === 'error' ? 'yes' : 'no';
    return [code(name), String(problemStatus[name]), meaning, retries[retry], person];
  });
  const door = httpFaultCodes.map((name) => [
    code(name),
    String(problemStatus[name]),
    problemTitle(name),
    name === 'TOO_MANY_WATCHERS' ? retries.later : retries.never,
    'no',
  ]);
  const head = ['Code', 'HTTP', 'Meaning', 'Try the same again', 'A person must act'];
  return table(head, [...ours, ...door]);
}
