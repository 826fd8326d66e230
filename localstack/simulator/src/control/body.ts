/** A control request that is wrong; `pointer` says where in its body (RFC 6901) or which parameter. */
export class ControlError extends Error {
  constructor(
    readonly pointer: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = 'ControlError';
  }
}

/** A member of a JSON body together with its place, read strictly. */
export class BodyReader {
  private constructor(
    private readonly value: unknown,
    private readonly pointer: string,
  ) {}

  static parse(text: string): BodyReader {
    try {
      return new BodyReader(text === '' ? {} : JSON.parse(text), '');
    } catch {
      throw new ControlError('', 'The body is not JSON');
    }
  }

  get exists(): boolean {
    return this.value !== undefined;
  }

  /** The members of an object; one that is not among `known` is refused. */
  object(known: readonly string[]): (name: string) => BodyReader {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.wrong('an object');
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new ControlError(
        `${this.pointer}/${unknown}`,
        `Unknown member '${unknown}'; known are ${known.join(', ')}`,
      );
    }
    return (name) =>
      new BodyReader(
        Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined,
        `${this.pointer}/${name}`,
      );
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value === '') throw this.wrong('a non-empty text');
    return this.value;
  }

  oneOf<T extends string>(values: readonly T[]): T {
    const found = values.find((value) => value === this.value);
    if (found === undefined) throw this.wrong(`one of ${values.join(', ')}`);
    return found;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.wrong('true or false');
    return this.value;
  }

  number(min: number, max: number): number {
    if (typeof this.value !== 'number' || this.value < min || this.value > max)
      throw this.wrong(`a number from ${min} to ${max}`);
    return this.value;
  }

  integer(min: number, max: number): number {
    const value = this.number(min, max);
    if (!Number.isInteger(value)) throw this.wrong(`an integer from ${min} to ${max}`);
    return value;
  }

  texts(): readonly string[] {
    if (!Array.isArray(this.value)) throw this.wrong('a list of texts');
    return this.value.map((item: unknown, index) =>
      new BodyReader(item, `${this.pointer}/${index}`).text(),
    );
  }

  /** The members of a list, each with its place. */
  items(): readonly BodyReader[] {
    if (!Array.isArray(this.value)) throw this.wrong('a list');
    return this.value.map(
      (item: unknown, index) => new BodyReader(item, `${this.pointer}/${index}`),
    );
  }

  /** An object of anything. */
  record(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.wrong('an object');
    return { ...value };
  }

  /** Texts by any names. */
  textsByName(): Readonly<Record<string, string>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.wrong('an object of texts');
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        new BodyReader(item, `${this.pointer}/${name}`).text(),
      ]),
    );
  }

  wrong(wanted: string): ControlError {
    return new ControlError(
      this.pointer,
      this.exists ? `Expected ${wanted}` : `Missing: expected ${wanted}`,
    );
  }
}
