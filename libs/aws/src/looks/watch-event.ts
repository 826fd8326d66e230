import type { ErrorRecord, GennakerError, ServerGroupView } from '@gennaker/domain';
import type { CallPriority } from '../call-options.js';

/** What one watcher wants to know about its server group. */
export interface WatchOptions {
  readonly targetGroupArns: readonly string[];
  /**
   * Target and EC2 health are fetched once this many instances are InService, and each period from then on; 0: from the
   * first look. Before that `targetHealth` is empty.
   */
  readonly wantHealthFrom: number;
  /** Default `wait`. */
  readonly priority?: CallPriority;
  /**
   * True: the watcher wants to know as soon as may be, and gets looks between the regular ones while they are few calls.
   * They are marked: who counts looks as time must not count those. Default false.
   */
  readonly eager?: boolean;
}

/** What one look found for one watcher. */
export type Sight =
  | { readonly kind: 'seen'; readonly serverGroup: ServerGroupView; readonly withHealth: boolean }
  | { readonly kind: 'vanished' }
  | { readonly kind: 'failed'; readonly error: GennakerError };

/** One look at a watched server group. All times ISO 8601. `extra`: made between two regular ones, for the eager. */
export type WatchEvent = Look & { readonly extra: boolean };

type Look =
  | {
      readonly kind: 'seen';
      readonly serverGroup: ServerGroupView;
      /** Whether this look includes target and EC2 health. */
      readonly withHealth: boolean;
      /** AWS's own time (Date header). */
      readonly observedAt: string;
      /** Our time. */
      readonly nextLookAt: string;
    }
  /** DescribeAutoScalingGroups does not show the group. The watch goes on: the watcher decides what it means. */
  | { readonly kind: 'vanished'; readonly observedAt: string; readonly nextLookAt: string }
  /** A look failed and is repeated. Permanent errors are thrown instead. */
  | { readonly kind: 'trouble'; readonly error: ErrorRecord; readonly nextLookAt: string };

/** All watchers of one account and region in this process share its looks (DESIGN D10). */
export interface SharedReader {
  /**
   * Looks at once, then each period (doubled after 10 minutes; for the eager, see nextLook, more often), until the signal aborts (its reason is thrown) or the
   * iteration is left. A slow consumer gets the newest look, not a backlog. Throws errors whose retry class is `never`.
   */
  watch(serverGroup: string, options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent>;
}
