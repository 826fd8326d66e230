import { parseJsonBody, parseYamlBody } from '@gennaker/api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

/** Where the parser says that the text is wrong. */
function placeOf(parse: (text: string) => unknown, text: string): string {
  try {
    parse(text);
  } catch (error) {
    const { details } = error as { readonly details: { line?: number; column?: number } };
    return `${details.line}:${details.column}`;
  }
  return 'fine';
}

const kibibytes256 = 256 * 1024;

function filled(piece: string): string {
  return piece.repeat(Math.floor(kibibytes256 / piece.length));
}

describe('a JSON body', () => {
  test.each([
    ['{"a": 1,,}', '1:9'],
    ['[1,\n 2,\n ,3]', '3:2'],
    ['{"a" 1}', '1:6'],
    ["{'a': 1}", '1:2'],
    ['{"a":1} x', '1:9'],
    ['{"a":"b\nc"}', '1:8'],
    ['{"a": tru}', '1:10'],
    ['{"a": [1, 2', '1:12'],
    ['"abc', '1:5'],
    ['[-]', '1:3'],
    ['nul', '1:4'],
  ])('%j is wrong where a person would point', (text, place) => {
    expect(placeOf(parseJsonBody, text)).toBe(place);
  });

  test('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJsonBody(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('that is cut off anywhere is wrong at its end, or fine', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        const part = text.replaceAll(/\s/g, ' ').slice(0, cut % (text.length + 1));
        expect(['fine', `1:${part.length + 1}`]).toContain(placeOf(parseJsonBody, part));
      }),
    );
  });
});

describe('a YAML body', () => {
  test('gives the value that was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = stringify(value, { aliasDuplicateObjects: false });
        // JSON knows one zero, YAML and JavaScript two.
        const asJson = (body: unknown): unknown => JSON.parse(JSON.stringify(body));
        expect(asJson(parseYamlBody(text))).toEqual(asJson(value));
      }),
    );
  });

  test.each([
    ['a: 1\nb: [1, 2\nc: 3', '3:1'],
    ['a: 1\na: 2', '2:1'],
    ['a: &x 1\nb: *y', '2:4'],
    ['a: !mine 1', '1:4'],
    ['a: 1\n---\nb: 2', '2:1'],
    ['a:\n\t- b', '2:1'],
  ])('%j is wrong where a person would point', (text, place) => {
    expect(placeOf(parseYamlBody, text)).toBe(place);
  });

  test('may use an anchor a few times', () => {
    expect(parseYamlBody('a: &one [1]\nb: *one\nc: *one')).toEqual({ a: [1], b: [1], c: [1] });
  });

  test.each([
    ['brackets', filled('[')],
    ['balanced brackets', `${'['.repeat(kibibytes256 / 2)}${']'.repeat(kibibytes256 / 2)}`],
    ['maps', filled('{a: ')],
    ['lists in one line', filled('- ')],
    ['keys in one line', filled('? ')],
    ['lists over lines', filled('- [\n')],
    ['keys', filled('abc: 1\n')],
    ['commas', `[${filled('a,')}]`],
    ['anchors', filled('&a ')],
    ['quotes', filled('"')],
    ['questions', filled('?\n')],
    ['directives', filled('%a\n')],
  ])('of 256 KiB of %s is refused before it is parsed', (_what, text) => {
    // A parser would take longer over it than any test may.
    expect(() => parseYamlBody(text)).toThrow('is not valid YAML at line');
  });

  test('nested by indentation as deeply as 256 KiB allow does not end the process', () => {
    const text = Array.from({ length: 700 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    expect(() => parseYamlBody(text)).not.toThrow();
  });

  test('takes a large pipeline', () => {
    const stages = Array.from({ length: 100 }, (_, index) => ({
      refId: `stage-${index}`,
      type: 'deploy',
      name: `Deploy number ${index}`,
      requisiteStageRefIds: index === 0 ? [] : [`stage-${index - 1}`],
      account: 'demo',
      region: 'eu-west-1',
      stack: 'prod',
      image: { imageId: 'ami-0123456789abcdef0' },
      strategy: { type: 'redBlack' },
      capacity: { min: 1, desired: 2, max: 3 },
      acceptNotCopied: ['policies', 'alarms'],
    }));
    expect(parseYamlBody(stringify({ stages }))).toEqual({ stages });
  });
});
