import { readFileSync } from 'node:fs';
import path from 'node:path';

import { repository } from '../cruise.js';
import { sourceFiles } from '../source-files.js';
import { code, table } from './markdown.js';

/** A default or a bound as it stands in the sources, with the comment that gives its reason. */
export interface NamedNumber {
  readonly name: string;
  readonly value: string;
  readonly file: string;
  /** Empty when nobody wrote one. */
  readonly reason: string;
}

/** A word in the name of a number that bounds or sets something: a bound, a rate, or a unit. */
const boundWords = new Set(
  'max min default limit attempts every percent timeout interval ms seconds minutes hours days bytes'.split(
    ' ',
  ),
);
const scalar = /^(?:export )?const (\w+)(?:: [\w<>]+)? = ([^;{[(]+);$/gm;
const record =
  /^(?:export )?const (\w+)(?:: [^=]+)? = \{([^{}]*)\}(?: as const)?(?: satisfies [^;]+)?;$/gm;
/** Not in capitals: those are keys of a table of codes, such as STAGE_TIMEOUT. */
const property = /^\s*([a-z]\w*): ([^,\n]+),?$/gm;

/** Every named default and bound of the rooms; those of the stand-in imitate AWS and are not listed. */
export function namedNumbers(): readonly NamedNumber[] {
  return sourceFiles()
    .filter((file) => !/^(?:localstack|test)\//.test(file))
    .flatMap(numbersOf);
}

/** The table of D14: each default and bound with its reason. */
export function namedNumbersTable(): string {
  const rows = namedNumbers().map(({ name, value, file, reason }) => [
    code(name),
    value,
    code(file),
    reason,
  ]);
  return table(['Name', 'Value', 'Where', 'What for, and why'], rows);
}

function numbersOf(file: string): readonly NamedNumber[] {
  const text = readFileSync(path.join(repository, file), 'utf8');
  const scalars = [...text.matchAll(scalar)].map((match) => ({
    name: match[1] ?? '',
    value: valueOf(match[2] ?? ''),
    reason: commentBefore(text, match.index),
  }));
  const records = [...text.matchAll(record)].flatMap((match) => {
    const ofAll = commentBefore(text, match.index);
    return propertiesOf(match[2] ?? '').map(({ name, value, reason }) => ({
      name: `${match[1] ?? ''}.${name}`,
      value,
      reason: [ofAll, reason].filter((part) => part !== '').join(' '),
    }));
  });
  return [...scalars, ...records].flatMap(({ name, value, reason }) =>
    value === undefined || !named(name) ? [] : [{ name, value, file, reason }],
  );
}

function propertiesOf(body: string) {
  const text = body.includes('\n') ? body : body.split(',').join(',\n');
  return [...text.matchAll(property)].map((match) => ({
    name: match[1] ?? '',
    value: valueOf(match[2] ?? ''),
    reason: commentBefore(text, match.index),
  }));
}

function named(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return words.split(/[._]/).some((word) => boundWords.has(word));
}

/** The value of a number, a product of numbers, or a duration such as '300ms'. */
function valueOf(expression: string): string | undefined {
  if (/^'\d+(?:ms|s|m|h|d)'$/.test(expression)) return expression.slice(1, -1);
  const factors = expression.split('*').map((factor) => Number(factor.trim().replaceAll('_', '')));
  if (factors.some((factor) => Number.isNaN(factor))) return undefined;
  return String(factors.reduce((product, factor) => product * factor, 1));
}

/** The comment right above a place, as one line of text; neighbours without a blank line share one. */
function commentBefore(text: string, index: number): string {
  const above = text
    .slice(0, index)
    .replace(/[ \t]*$/, '')
    .replace(/(?:^(?:export )?const [^\n]*;\n)+$/m, '');
  const block = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n$/.exec(above)?.[1];
  const lines = /((?:[ \t]*\/\/[^\n]*\n)+)$/.exec(above)?.[1];
  return (block ?? lines ?? '')
    .replaceAll(/^[ \t]*(?:\*|\/\/)[ \t]?/gm, '')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
