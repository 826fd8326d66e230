import { AwsError } from '../wire/aws-error.js';

/** A metric math expression as a tree. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'negated'; readonly operand: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'operation';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

/** From loosest to tightest. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
const PRECEDENCE: readonly (readonly string[])[] = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|"([^"]*)"|'([^']*)'|(\|\||&&|==|!=|<=|>=|[-+*/^<>(),[\]]))/y;
const DEPTH_MAX = 50;

interface Token {
  readonly kind: 'number' | 'word' | 'text' | 'sign';
  readonly text: string;
}

/** Reads an expression, or refuses it as `ValidationError` with what was found where. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokensOf(text), text);
  return parser.whole();
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw wrongExpression(text, `unexpected '${text.slice(at).trim()}'`);
    const [, number, word, double, single, sign = ''] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (double !== undefined || single !== undefined)
      tokens.push({ kind: 'text', text: double ?? single ?? '' });
    else tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

class Parser {
  #next = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly text: string,
  ) {}

  whole(): Expression {
    const expression = this.#operation(0);
    const rest = this.tokens[this.#next];
    if (rest !== undefined) throw wrongExpression(this.text, `unexpected '${rest.text}'`);
    return expression;
  }

  #operation(level: number): Expression {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.#operand();
    let left = this.#operation(level + 1);
    for (
      let operator = this.#takeOperator(operators);
      operator !== undefined;
      operator = this.#takeOperator(operators)
    ) {
      left = { kind: 'operation', operator, left, right: this.#operation(level + 1) };
    }
    return left;
  }

  #operand(): Expression {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw wrongExpression(this.text, 'it is nested too deeply');
    const expression = this.#operandInside();
    this.#depth -= 1;
    return expression;
  }

  #operandInside(): Expression {
    const token = this.tokens[this.#next];
    this.#next += 1;
    if (token === undefined) throw wrongExpression(this.text, 'it ends too early');
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'text':
        return { kind: 'text', value: token.text };
      case 'word':
        if (!this.#takes('(')) return { kind: 'id', id: token.text };
        return { kind: 'call', name: token.text.toUpperCase(), args: this.#items(')') };
      case 'sign':
        return this.#afterSign(token.text);
    }
  }

  #afterSign(sign: string): Expression {
    if (sign === '-') return { kind: 'negated', operand: this.#operand() };
    if (sign === '[') return { kind: 'list', items: this.#items(']') };
    if (sign !== '(') throw wrongExpression(this.text, `unexpected '${sign}'`);
    const inner = this.#operation(0);
    if (!this.#takes(')')) throw wrongExpression(this.text, `a ')' is missing`);
    return inner;
  }

  #items(end: string): readonly Expression[] {
    if (this.#takes(end)) return [];
    const items = [this.#operation(0)];
    while (this.#takes(',')) items.push(this.#operation(0));
    if (!this.#takes(end)) throw wrongExpression(this.text, `a '${end}' is missing`);
    return items;
  }

  #takeOperator(operators: readonly string[]): string | undefined {
    const token = this.tokens[this.#next];
    if (token === undefined || token.kind === 'number' || token.kind === 'text') return undefined;
    const operator = token.kind === 'word' ? token.text.toUpperCase() : token.text;
    if (!operators.includes(operator)) return undefined;
    this.#next += 1;
    return operator;
  }

  #takes(sign: string): boolean {
    const token = this.tokens[this.#next];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#next += 1;
    return true;
  }
}

export function wrongExpression(text: string, because: string): AwsError {
  return new AwsError('ValidationError', `Error in expression '${text}': ${because}`);
}
