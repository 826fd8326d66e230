import type { Simulation } from './simulation.js';

/** What goes back over the wire; `cut`: nothing, the connection is reset. */
export type AwsReply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly requestId: string;
      readonly time: number;
    }
  | { readonly kind: 'cut' };

/** A reply that bears the simulated time. */
export function answer(
  simulation: Simulation,
  reply: { status: number; body: string; requestId: string },
): AwsReply {
  return { kind: 'answer', time: simulation.world.now(), ...reply };
}
