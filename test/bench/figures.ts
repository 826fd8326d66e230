/** The value below which the share of the samples lies (nearest rank). Throws without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (low === undefined || high === undefined) throw new Error('nothing was measured');
  return (low + high) / 2;
}

/** Two things measured side by side. */
export interface Compared {
  readonly ours: readonly number[];
  readonly peers: readonly number[];
  /** Ours by the peer's, one a quad. */
  readonly ratios: readonly number[];
}

/**
 * Measures in quads A B B A, so that a machine whose speed drifts treats both alike; a quad's ratio is that of the sums.
 */
export async function compare(
  quads: number,
  ours: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<Compared> {
  const all = { ours: [] as number[], peers: [] as number[], ratios: [] as number[] };
  for (let quad = 0; quad < quads; quad += 1) {
    const first = await ours();
    const second = await peer();
    const third = await peer();
    const fourth = await ours();
    all.ours.push(first, fourth);
    all.peers.push(second, third);
    all.ratios.push((first + fourth) / (second + third));
  }
  return all;
}

/** Runs it so many times, one after the other. */
export async function repeat(
  times: number,
  measure: (index: number) => Promise<number>,
): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let index = 0; index < times; index += 1) samples.push(await measure(index));
  return samples;
}

/** Milliseconds or a bare number, as short as is honest. */
export function inWords(value: number, unit: 'ms' | '' = 'ms'): string {
  const digits = value < 10 ? 1 : 0;
  return `${value.toFixed(unit === '' ? 0 : digits)}${unit === '' ? '' : ` ${unit}`}`;
}
