import type { Capacity } from '@gennaker/domain';
import type { OnServerGroup } from './operation-context.js';

/** What makes a switch from one server group to another safe, on queue `aws-write`. */
export interface SwitchActivities {
  /**
   * Raises the subject's sizes to what the others want or have in service by now, where it is smaller; never lowers. A second
   * call changes nothing. Others that are gone count as nothing. Throws SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE.
   */
  matchServerGroup(input: MatchServerGroupInput): Promise<MatchedServerGroup>;
}

export interface MatchServerGroupInput extends OnServerGroup {
  /** Server groups of the subject's account and region. */
  readonly others: readonly string[];
}

export interface MatchedServerGroup {
  /** Whether this call raised the sizes; a repeat of it says false. */
  readonly grown: boolean;
  /** The subject's sizes now. */
  readonly capacity: Capacity;
}
