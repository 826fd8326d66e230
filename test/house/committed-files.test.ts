import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { repository } from './cruise.js';

/** Paths and hosts of the machine that somebody happened to work on mean nothing on any other. */
const ofOneMachine: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a home folder', /(?:^|[\s"'`(=:])\/(?:home\/[a-z]|root\/|Users\/[A-Za-z])/],
  ['a work folder', /(?:^|[\s"'`(=:])\/(?:work|workspace|mnt|builds?)\/[a-z]/],
  ['a temporary file', /(?:^|[\s"'`(=:])\/(?:tmp|private\/var)\/[A-Za-z0-9]/],
  ['a drive', /["'`\s][A-Z]:\\\\?[A-Za-z]/],
  ['the address of a package registry', /https?:\/\/[^\s"']*(?:registry|npmjs|artifactory|nexus)/i],
  ['a lock entry that names a registry', /"resolved": "https?:/],
];

const files = committedFiles();

describe('what is committed', () => {
  it('is found at all', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it.each([
    'cd /home/ann/x',
    '"/work/x"',
    '(/tmp/x)',
    '"C:\\\\x"',
    'https://registry.example.org/x',
  ])('would be seen: %s', (line) => {
    expect(ofOneMachine.some(([, pattern]) => pattern.test(line))).toBe(true);
  });

  it.each(ofOneMachine)('holds nowhere %s', (_what, pattern) => {
    const found = files.flatMap((file) =>
      readFileSync(path.join(repository, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
        ),
    );
    expect(found.filter((line) => !line.startsWith('test/house/committed-files.test.ts:'))).toEqual(
      [],
    );
  });

  it('is nothing that a tool makes', () => {
    const made = files.filter((file) =>
      /(?:^|\/)(?:dist|node_modules|\.gennaker|coverage)\/|\.log$/.test(file),
    );
    expect(made).toEqual([]);
  });
});

/** In a checkout what git knows; in a copy without git there is nothing committed to look at. */
function committedFiles(): readonly string[] {
  const list = execFileSync('git', ['ls-files', '-z'], { cwd: repository, encoding: 'utf8' });
  return list.split('\0').filter((file) => file !== '' && existsSync(path.join(repository, file)));
}
