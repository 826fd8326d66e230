import type { Written } from '../wire/wire-format.js';
import type { Simulation } from './simulation.js';

/** What goes back over the wire; `cut`: nothing, the connection is reset. */
export type AwsReply =
  | (Written & {
      readonly kind: 'answer';
      readonly status: number;
      readonly requestId: string;
      readonly time: number;
    })
  | { readonly kind: 'cut' };

/** A reply that bears the simulated time. */
export function answer(
  simulation: Simulation,
  reply: Written & { readonly status: number; readonly requestId: string },
): AwsReply {
  return { kind: 'answer', time: simulation.world.now(), ...reply };
}
