import type { ErrorRecord, ServerGroupView } from '@gennaker/domain';
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
}

/** One look at a watched server group. All times ISO 8601. */
export type WatchEvent =
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
   * Looks at once, then each period (doubled after 10 minutes), until the signal aborts (its reason is thrown) or the
   * iteration is left. A slow consumer gets the newest look, not a backlog. Throws errors whose retry class is `never`.
   */
  watch(serverGroup: string, options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent>;
}
