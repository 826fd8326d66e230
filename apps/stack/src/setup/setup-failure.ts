/**
 * A step of the set-up that cannot go on. It always says which step, why, and what a person can do
 * about it; the launcher prints the three and ends with status 1.
 */
export class SetupFailure extends Error {
  readonly step: string;
  readonly why: string;
  readonly remedies: readonly string[];

  constructor(facts: SetupFailureFacts) {
    super(`${facts.step}: ${facts.why}`, { cause: facts.cause });
    this.name = 'SetupFailure';
    this.step = facts.step;
    this.why = facts.why;
    this.remedies = facts.remedies;
  }
}

/** What a {@link SetupFailure} says. `remedies` are sentences, the likeliest first. */
export interface SetupFailureFacts {
  readonly step: string;
  readonly why: string;
  readonly remedies: readonly string[];
  readonly cause?: unknown;
}

/** The text for a terminal: the step, the reason and the numbered ways out. */
export function describeFailure(failure: SetupFailure): string {
  const remedies = failure.remedies.map((remedy) => `    - ${remedy}`);
  const help = remedies.length === 0 ? [] : ['  What to do:', ...remedies];
  return [`FAILED: ${failure.step}`, `  Why: ${failure.why}`, ...help].join('\n');
}

/** The message of anything thrown, with the messages of its causes behind it. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const own = error.message === '' ? error.name : error.message;
  return error.cause === undefined ? own : `${own} (${messageOf(error.cause)})`;
}
