/** The story went another way than it must; the message says what was expected and what came. */
export class StoryFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StoryFailure';
  }
}

/** Throws a {@link StoryFailure} unless both are equal. */
export function expectEqual(what: string, found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new StoryFailure(
      `${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
    );
  }
}
