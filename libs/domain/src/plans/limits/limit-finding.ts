/** What was found about one limit: a shortage that refuses the plan, or a warning of it. */
export interface Finding {
  readonly kind: 'refusal' | 'warning';
  readonly words: string;
}

/** From this share of a limit on, a plan warns: what is left is what one scale-out uses up. */
export const closeToLimitPercent = 90;

/** Of a limit that nobody could look at. */
export function unchecked(what: string, why: string): Finding {
  return { kind: 'warning', words: `${what} could not be checked: ${why}` };
}
