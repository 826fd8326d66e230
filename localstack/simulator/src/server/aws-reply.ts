import type { Written } from '../wire/wire-format.js';
import type { Simulation } from './simulation.js';

/** What goes back over the wire; or nothing: the connection is reset (`cut`), ended (`close`) or left open (`silence`). */
export type AwsReply =
  | (Written & {
      readonly kind: 'answer';
      readonly status: number;
      readonly requestId: string;
      readonly time: number;
      /** The body breaks off after so many bytes; absent: it does not. */
      readonly truncateAt?: number | undefined;
    })
  | { readonly kind: 'cut' | 'close' | 'silence' };

/** A reply that bears the simulated time. */
export function answer(
  simulation: Simulation,
  reply: Written & {
    readonly status: number;
    readonly requestId: string;
    readonly truncateAt?: number | undefined;
  },
): AwsReply {
  return { kind: 'answer', time: simulation.world.now(), ...reply };
}
