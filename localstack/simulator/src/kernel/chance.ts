import { fractionOf } from './random.js';

/** Above this mean a normal deviate stands for a Poisson one. */
const NORMAL_FROM = 30;

/** A Poisson deviate of that mean that follows from the text alone. */
export function poissonOf(mean: number, text: string): number {
  if (mean <= 0) return 0;
  if (mean >= NORMAL_FROM) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalOf(text)));
  const wanted = fractionOf(text);
  let count = 0;
  let probability = Math.exp(-mean);
  let reached = probability;
  while (reached < wanted && count < NORMAL_FROM * 10) {
    count += 1;
    probability *= mean / count;
    reached += probability;
  }
  return count;
}

/** How many of so many things happen, each with that probability. */
export function binomialOf(count: number, share: number, text: string): number {
  const mean = count * share;
  if (share > 0.5) return count - binomialOf(count, 1 - share, text);
  if (mean < NORMAL_FROM) return Math.min(count, poissonOf(mean, text));
  const deviate = Math.round(mean + Math.sqrt(mean * (1 - share)) * normalOf(text));
  return Math.min(count, Math.max(0, deviate));
}

/** A standard normal deviate that follows from the text alone (Box and Muller). */
export function normalOf(text: string): number {
  const radius = Math.sqrt(-2 * Math.log(1 - fractionOf(`${text}:r`)));
  return radius * Math.cos(2 * Math.PI * fractionOf(`${text}:a`));
}
