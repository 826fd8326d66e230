/** How simulated time runs: only when told to, or `scale` times as fast as real time. */
export type ClockSetting =
  | { readonly kind: 'virtual' }
  | { readonly kind: 'scaled'; readonly scale: number };

/** What a restart needs in order to go on with the same time. Instants are epoch milliseconds. */
export interface ClockAnchor {
  readonly simulated: number;
  readonly real: number;
  readonly scale: number;
}

/**
 * Simulated time. A scaled clock runs on while the process is down, as AWS does; a virtual one stands still.
 */
export class Clock {
  #anchor: ClockAnchor;

  constructor(
    readonly setting: ClockSetting,
    earlier: ClockAnchor | undefined,
  ) {
    const real = Date.now();
    const scale = setting.kind === 'virtual' ? 0 : setting.scale;
    const simulated = earlier === undefined ? real : simulatedAt(earlier, real);
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

function simulatedAt(anchor: ClockAnchor, real: number): number {
  return Math.floor(anchor.simulated + Math.max(0, real - anchor.real) * anchor.scale);
}
