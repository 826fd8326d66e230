/** How clients were shared out from an instant on, until the next pin: by target group, adding up to 1. */
export interface Pin {
  readonly from: number;
  readonly shares: Readonly<Record<string, number>>;
}

/** Adds a pin where the shares have changed, and lets go of those that no cookie remembers. */
export function withPin(pins: readonly Pin[], pin: Pin, durationMs: number): readonly Pin[] {
  const last = pins.at(-1);
  if (last !== undefined && JSON.stringify(last.shares) === JSON.stringify(pin.shares)) return pins;
  const oldest = pins.findLastIndex(({ from }) => from <= pin.from - durationMs);
  return [...pins.slice(Math.max(0, oldest)), pin];
}

/**
 * Where clients with cookies go at an instant. Each cookie holds for the duration and is then given out anew, so the
 * clients are spread evenly over the shares of the last `durationMs`; before the first pin those were as in it.
 */
export function pinnedShares(
  pins: readonly Pin[],
  at: number,
  durationMs: number,
): Readonly<Record<string, number>> {
  const shares: Record<string, number> = {};
  for (const [index, pin] of pins.entries()) {
    const from = index === 0 ? at - durationMs : Math.max(pin.from, at - durationMs);
    const until = Math.min(pins[index + 1]?.from ?? at, at);
    const part = Math.max(0, until - from) / durationMs;
    for (const [arn, share] of Object.entries(pin.shares))
      shares[arn] = (shares[arn] ?? 0) + share * part;
  }
  return shares;
}

/** True while cookies from before the last change are still about. */
export function isShifting(pins: readonly Pin[], at: number, durationMs: number): boolean {
  return pins.length > 1 && (pins.at(-1)?.from ?? 0) > at - durationMs;
}
