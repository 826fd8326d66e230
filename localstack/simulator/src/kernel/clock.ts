import { fractionOf } from './random.js';

/** How simulated time runs: only when told to, or `scale` times as fast as real time. */
export type ClockSetting =
  /** Begins at `startsAt` (epoch milliseconds); absent: at an instant that follows from the seed. */
  | { readonly kind: 'virtual'; readonly startsAt?: number }
  | { readonly kind: 'scaled'; readonly scale: number };

/** What a restart needs in order to go on with the same time. Instants are epoch milliseconds. */
export interface ClockAnchor {
  readonly simulated: number;
  readonly real: number;
  readonly scale: number;
}

/**
 * A virtual clock begins at some instant of this year: no run depends on the time of day at which it is played, and
 * credentials, which SDKs check against the machine's clock, do not expire.
 */
const VIRTUAL_YEAR = Date.UTC(2035, 0, 1);
const YEAR_MS = 365 * 86_400_000;

/**
 * Simulated time. A scaled clock runs on while the process is down, as AWS does; a virtual one stands still.
 */
export class Clock {
  #anchor: ClockAnchor;

  constructor(
    readonly setting: ClockSetting,
    earlier: ClockAnchor | undefined,
    seed: string,
  ) {
    const real = Date.now();
    const scale = setting.kind === 'virtual' ? 0 : setting.scale;
    const simulated =
      earlier === undefined ? beginning(setting, { real, seed }) : simulatedAt(earlier, real);
    this.#anchor = { simulated, real, scale };
  }

  get anchor(): ClockAnchor {
    return this.#anchor;
  }

  now(): number {
    return simulatedAt(this.#anchor, Date.now());
  }

  advance(milliseconds: number): void {
    this.#anchor = { ...this.#anchor, simulated: this.#anchor.simulated + milliseconds };
  }

  /** How long to wait, in real milliseconds, until simulated time is there; `undefined` when it never comes by itself. */
  realMillisecondsUntil(simulated: number): number | undefined {
    if (this.#anchor.scale === 0) return undefined;
    return Math.max(0, (simulated - this.now()) / this.#anchor.scale);
  }
}

function beginning(
  setting: ClockSetting,
  { real, seed }: { readonly real: number; readonly seed: string },
): number {
  if (setting.kind === 'scaled') return real;
  return setting.startsAt ?? VIRTUAL_YEAR + Math.floor(fractionOf(`${seed}:start`) * YEAR_MS);
}

function simulatedAt(anchor: ClockAnchor, real: number): number {
  return Math.floor(anchor.simulated + Math.max(0, real - anchor.real) * anchor.scale);
}
