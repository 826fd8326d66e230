import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GennakerError } from '@gennaker/domain';
import type { RuleActions } from './rule-calls.js';

const contents = new WeakMap<object, readonly Action[]>();

/** The actions as an empty object: what is logged, stored or compared is the rule's view, never these. */
export function sealRuleActions(actions: readonly Action[]): RuleActions {
  const sealed = Object.freeze({});
  contents.set(sealed, actions);
  return sealed as RuleActions;
}

/** What was sealed. Throws INTERNAL for an object that did not come from a read of this process. */
export function openRuleActions(sealed: RuleActions): readonly Action[] {
  const actions = contents.get(sealed);
  if (actions !== undefined) return actions;
  throw new GennakerError('INTERNAL', 'The actions did not come from a read of this process.');
}
