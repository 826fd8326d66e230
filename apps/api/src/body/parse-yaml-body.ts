import { LineCounter, parseDocument, YAMLError } from 'yaml';

import { parseFailure } from './parse-failure.js';

/** Nodes that aliases may stand for in one text: what they cost is bounded before they are resolved. */
const aliasCountMax = 100;

/**
 * The value of one YAML 1.2 document (core schema); throws MALFORMED_BODY with line and column. Tags that are not of the
 * core schema, keys given twice, several documents and too many aliases are faults.
 */
export function parseYamlBody(text: string): unknown {
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      lineCounter,
      prettyErrors: false,
      uniqueKeys: true,
      stringKeys: true,
      logLevel: 'silent',
    });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) throw fault;
    return document.toJS({ maxAliasCount: aliasCountMax });
  } catch (error) {
    if (error instanceof YAMLError) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw parseFailure('YAML', error.message, { line, column: col });
    }
    // The parser's stack is the only bound of nesting; aliases that cannot be resolved throw a ReferenceError.
    if (error instanceof RangeError) throw parseFailure('YAML', 'it nests too deeply', null);
    if (error instanceof ReferenceError) throw parseFailure('YAML', error.message, null);
    throw error;
  }
}
