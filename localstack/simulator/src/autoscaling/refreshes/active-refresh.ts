import type { Scope } from '../../world/scope.js';
import type { RefreshRecord } from '../records.js';

const ACTIVE = ['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress'];

/** The group's instance refresh that has not ended: there is at most one. */
export function findActiveRefresh(scope: Scope, group: string): RefreshRecord | undefined {
  return scope.tables.refreshes.where('group', group).find(isActiveRefresh);
}

export function isActiveRefresh({ status }: RefreshRecord): boolean {
  return ACTIVE.includes(status);
}

/** What marks the members that this run of the refresh launches; a rollback is a run of its own. */
export function markerOf(refresh: RefreshRecord): string {
  return refresh.rollback === undefined ? refresh.id : `${refresh.id}:rollback`;
}
