/** Numbers that look random and are the same in every run (mulberry32), and what is drawn with them. */
export function seededChance(seed: number) {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const poisson = (mean: number): number => {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let [count, product] = [0, uniform()];
    const limit = Math.exp(-mean);
    while (product > limit) {
      count += 1;
      product *= uniform();
    }
    return count;
  };
  return { uniform, normal, poisson };
}

export type SeededChance = ReturnType<typeof seededChance>;
