import type { Capacity } from '../groups/cluster.js';

/** What a plan promises: checked by tests on every call that it makes, and shown before it runs. */
export interface PlanPromise {
  /** Healthy instances of the cluster that take traffic at every moment, at least. */
  readonly instancesServingMin: number;
  /** The cluster after success. */
  readonly succeeded: PlannedEndState;
  /** The cluster after failure, timeout or cancel, once the undo is done. */
  readonly undone: PlannedEndState;
}

/** A state of the cluster: what is not named here is as it was. */
export interface PlannedEndState {
  readonly serverGroups: readonly PlannedEnd[];
}

/** One server group at the end. `capacity`: scaling may have moved the desired size within it. Gone: null. */
export interface PlannedEnd {
  readonly serverGroup: string;
  readonly state: 'enabled' | 'disabled' | 'gone';
  readonly capacity: Capacity | null;
  /** The image that all its instances run; absent: as it was, or as the new group's is. */
  readonly imageId?: string | null;
  /** Its destruction cannot be undone, or a cancel destroys it: it may be gone by then. */
  readonly mayBeGone?: true;
}
