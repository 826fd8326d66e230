import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { errorCodes } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

import { repository } from './cruise.js';
import { errorCodesTable } from './documents/error-codes.js';
import { withGenerated } from './documents/markdown.js';

const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const roomWord = /^(?:libs|apps|workflows|activities|localstack|pipelines|test|\.ci)\/[\w./-]+$/;

describe.each(documents)('%s', (document) => {
  const text = readFileSync(path.join(repository, document), 'utf8');
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');

  it('links only to files that exist', () => {
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const files = targets.filter((target) => !/^(?:https?:|mailto:|#)/.test(target));
    expect(files.filter((file) => !exists(file.replace(/#.*$/, '')))).toEqual([]);
  });

  it('links only to headings that exist', () => {
    const broken = [...prose.matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)].filter(([, file, anchor]) => {
      if (file?.startsWith('http') === true) return false;
      const target = file === undefined || file === '' ? document : file;
      return !anchorsOf(target).includes(anchor ?? '');
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names only files and folders that exist', () => {
    const named = [...prose.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? '');
    expect(named.filter((word) => roomWord.test(word) && !exists(word))).toEqual([]);
  });

  it('names only commands that package.json has', () => {
    const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(commands.filter((command) => manifest.scripts[command] === undefined)).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  it('names every folder at the top', () => {
    const text = readFileSync(path.join(repository, 'ARCHITECTURE.md'), 'utf8');
    const folders = readdirSync(repository, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && !/^(?:\.git|\.gennaker|node_modules)$/.test(entry.name),
      )
      .map((entry) => `\`${entry.name}`);
    expect(folders.filter((folder) => !text.includes(folder))).toEqual([]);
  });
});

describe('generated parts', () => {
  it('have a row for every error code', () => {
    const rows = errorCodesTable();
    expect(Object.keys(errorCodes).filter((code) => !rows.includes(`| \`${code}\` |`))).toEqual([]);
  });

  it('are replaced and nothing around them', () => {
    const text = 'a\n<!-- generated: x -->\nold\n<!-- end of x -->\nb\n';
    const expected = 'a\n<!-- generated: x -->\n\nnew\n\n<!-- end of x -->\nb\n';
    expect(withGenerated(text, [{ name: 'x', body: 'new' }])).toBe(expected);
  });

  it('are not lost when a document has no place for them', () => {
    expect(() => withGenerated('a', [{ name: 'x', body: 'new' }])).toThrow('no place for "x"');
  });
});

function exists(file: string): boolean {
  return existsSync(path.join(repository, file));
}

/** Anchors as GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(repository, file), 'utf8');
  return [...text.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
