import { httpBounds } from '@gennaker/contract';
import { CST, Lexer } from 'yaml';

/** What is wrong with a text, and where it begins to be, as an offset. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
}

/** Pieces (keys, values, marks, white space) in one text. A pipeline of 100 stages has about 15,000. */
const tokensMax = 30_000;

/**
 * The first place where a text goes beyond what may be parsed, if there is one. The parser recurses, so that a text of
 * brackets alone ends the whole process; the lexer does not.
 */
export function findYamlExcess(text: string): YamlFault | undefined {
  const nesting = new Nesting();
  let offset = 0;
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > tokensMax) {
      return { offset, message: `it has more than ${tokensMax} pieces; send it as JSON` };
    }
    if (nesting.depthAfter(token) > httpBounds.bodyDepthMax) {
      return { offset, message: `it nests deeper than ${httpBounds.bodyDepthMax} levels` };
    }
    if (!isMark(token)) offset += token.length;
  }
  return undefined;
}

/** Brackets that are open, and marks that open a level within one line (`- - - a`); indentation costs a text too much. */
class Nesting {
  #brackets = 0;
  #marksInLine = 0;
  #beforeScalar = false;

  depthAfter(token: string): number {
    const type = this.#beforeScalar ? 'scalar-text' : CST.tokenType(token);
    this.#beforeScalar = type === 'scalar';
    switch (type) {
      case 'newline':
        this.#marksInLine = 0;
        break;
      case 'flow-seq-start':
      case 'flow-map-start':
        this.#brackets += 1;
        break;
      case 'flow-seq-end':
      case 'flow-map-end':
        this.#brackets -= 1;
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'map-value-ind':
        if (this.#brackets === 0) this.#marksInLine += 1;
        break;
      default:
        break;
    }
    return this.#brackets + this.#marksInLine;
  }
}

/** Tokens that the lexer makes of nothing: they stand for no text. */
function isMark(token: string): boolean {
  return [CST.BOM, CST.DOCUMENT, CST.FLOW_END, CST.SCALAR].includes(token);
}
