import { FUNCTIONS, type Range } from './expression-functions.js';
import { parseExpression, wrongExpression, type Expression } from './expression-parser.js';
import { combine, OPERATORS, scalar, type Series, type Value } from './expression-values.js';

/** What an expression may refer to: the other queries by id. */
export interface Surroundings {
  readonly range: Range;
  /** The value of another query; `undefined`: there is none of that id. */
  readonly find: (id: string) => Value | undefined;
  /** The series of the request's metrics, in order, for METRICS(). */
  readonly metrics: () => readonly (Series & { readonly id: string })[];
}

/** Evaluates a metric math expression; `ValidationError` says what is wrong with it. */
export function evaluateExpression(text: string, surroundings: Surroundings): Value {
  return new Evaluation(text, surroundings).of(parseExpression(text));
}

class Evaluation {
  constructor(
    private readonly text: string,
    private readonly surroundings: Surroundings,
  ) {}

  of(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return scalar(expression.value);
      case 'text':
        return expression;
      case 'id':
        return this.#reference(expression.id);
      case 'list':
        return { kind: 'list', items: expression.items.flatMap((item) => this.#seriesOf(item)) };
      case 'negated':
        return this.#operation('*', scalar(-1), this.of(expression.operand));
      case 'operation':
        return this.#operation(
          expression.operator,
          this.of(expression.left),
          this.of(expression.right),
        );
      case 'call':
        return this.#call(expression.name, expression.args);
    }
  }

  #reference(id: string): Value {
    if (id === 'REPEAT' || id === 'LINEAR') return { kind: 'text', value: id };
    const value = this.surroundings.find(id);
    if (value === undefined) throw wrongExpression(this.text, `unknown id '${id}'`);
    return value;
  }

  #operation(operator: string, left: Value, right: Value): Value {
    const by = OPERATORS[operator];
    const value = by === undefined ? undefined : combine(left, right, by);
    if (value === undefined)
      throw wrongExpression(this.text, `'${operator}' cannot be applied to these operands`);
    return value;
  }

  #call(name: string, args: readonly Expression[]): Value {
    if (name === 'METRICS') return { kind: 'list', items: this.#metrics(args) };
    const by = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (by === undefined) throw wrongExpression(this.text, `unknown function '${name}'`);
    const value = by(
      args.map((arg) => this.of(arg)),
      this.surroundings.range,
    );
    if (value === undefined)
      throw wrongExpression(this.text, `the arguments of ${name} are not what it takes`);
    return value;
  }

  /** All metrics of the request, or those whose id contains the text. */
  #metrics([filter]: readonly Expression[]): readonly Series[] {
    const part = filter?.kind === 'text' ? filter.value : '';
    return this.surroundings.metrics().filter(({ id }) => id.includes(part));
  }

  #seriesOf(item: Expression): readonly Series[] {
    const value = this.of(item);
    if (value.kind === 'series') return [value.series];
    if (value.kind === 'list') return value.items;
    throw wrongExpression(this.text, 'a list holds time series only');
  }
}
