import { isScalar, parseDocument, visit, YAMLError, type Document } from 'yaml';

import { parseFailure, textPlace } from './parse-failure.js';
import { findYamlExcess, type YamlFault } from './yaml-bounds.js';

/** Nodes that aliases may stand for in one text: what they cost is bounded before they are resolved. */
const aliasCountMax = 100;

/**
 * The value of one YAML 1.2 document (core schema); throws MALFORMED_BODY with line and column. Tags that are not of the
 * core schema, keys given twice, several documents and too many aliases are faults.
 */
export function parseYamlBody(text: string): unknown {
  const excess = findYamlExcess(text);
  if (excess !== undefined) throw failureAt(text, excess);
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    // The parser's own check compares each key with each other one.
    uniqueKeys: false,
    stringKeys: true,
    logLevel: 'error',
  });
  const fault = parserFault(document) ?? nodeFault(document);
  if (fault !== undefined) throw failureAt(text, fault);
  return resolved(document);
}

function failureAt(text: string, { message, offset }: YamlFault): Error {
  return parseFailure('YAML', message, textPlace(text, offset));
}

function parserFault(document: Document): YamlFault | undefined {
  const [fault] = [...document.errors, ...document.warnings];
  return fault === undefined ? undefined : { message: fault.message, offset: fault.pos[0] };
}

/** Keys that are given twice, and aliases of nothing: the parser lets both through. */
function nodeFault(document: Document): YamlFault | undefined {
  let fault: YamlFault | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      fault = { message: `there is no anchor "${alias.source}"`, offset: alias.range?.[0] ?? 0 };
      return visit.BREAK;
    },
    Map: (_key, map) => {
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        const value = isScalar(key) ? key.value : key;
        if (keys.has(value)) {
          const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
          fault = { message: `the key "${String(value)}" is given twice`, offset };
          return visit.BREAK;
        }
        keys.add(value);
      }
      return undefined;
    },
  });
  return fault;
}

function resolved(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: aliasCountMax });
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof YAMLError) {
      throw parseFailure('YAML', error.message, null);
    }
    throw error;
  }
}
