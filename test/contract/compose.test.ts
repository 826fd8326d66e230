import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from '../support/repository-root.js';

interface Service {
  readonly profiles: readonly string[];
  readonly ports: readonly string[];
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly volumes?: readonly string[];
}

const folder = path.join(repositoryRoot, 'localstack');
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const { services } = parse(read('compose.yaml')) as {
  readonly services: Readonly<Record<string, Service>>;
};

/** No container engine runs here: what is checked is what the files say. */
describe('the compose file', () => {
  it('has a profile of its own for each engine, and the stand-in unless another is named', () => {
    expect(Object.keys(services)).toEqual(['simulator', 'localstack', 'moto']);
    for (const [name, { profiles }] of Object.entries(services)) expect(profiles).toEqual([name]);
    expect(read('.env').trim()).toBe('COMPOSE_PROFILES=simulator');
  });

  it.each(Object.entries(services))(
    'lets %s answer at one address, of this machine only',
    (_name, service) => {
      expect(service.ports).toEqual(['127.0.0.1:4566:4566']);
    },
  );

  it('builds the stand-in from a file that is there and starts what its build makes', () => {
    const { context = '', dockerfile = '' } = services['simulator']?.build ?? {};
    const file = readFileSync(path.join(folder, context, dockerfile), 'utf8');
    expect(file).toContain('npx tsc -b localstack/simulator');
    expect(file).toContain('CMD ["node", "localstack/simulator/dist/main.js"]');
  });

  it('pins every image', () => {
    const images = Object.values(services).flatMap(({ image }) => image ?? []);
    expect(images.length).toBe(2);
    expect(images.filter((image) => !/:\d+\.\d+\.\d+$/.test(image))).toEqual([]);
  });

  it('plays the moto that the contract suite plays', () => {
    const pins = readFileSync(
      path.join(repositoryRoot, 'test/contract/suite/python/requirements.txt'),
      'utf8',
    );
    const [, version = ''] = /^moto==(.+)$/m.exec(pins) ?? [];
    expect(services['moto']?.image).toBe(`motoserver/moto:${version}`);
  });

  it('keeps LocalStack from making a container of every instance', () => {
    expect(services['localstack']?.environment?.['EC2_VM_MANAGER']).toBe('mock');
  });

  it('says what is missing when there is no token, and starts nothing', () => {
    const script = (services['localstack']?.entrypoint?.[2] ?? '').replaceAll('$$', '$');
    let end: { status?: number; stderr?: string } = {};
    try {
      execFileSync('/bin/bash', ['-c', script], {
        env: { LOCALSTACK_AUTH_TOKEN: '' },
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      end = error as typeof end;
    }
    expect(end.status).toBe(64);
    expect(end.stderr).toContain('LOCALSTACK_AUTH_TOKEN is not set');
  });

  it('hands LocalStack ready hooks that are scripts without a fault of syntax', () => {
    expect(services['localstack']?.volumes).toEqual(['./ready.d:/etc/localstack/init/ready.d:ro']);
    const hook = path.join(folder, 'ready.d', 'seed.sh');
    expect(execFileSync('/bin/bash', ['-n', hook], { encoding: 'utf8' })).toBe('');
  });
});
