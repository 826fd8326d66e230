/** The one version of the Temporal CLI that we run; a newer one may migrate the database for good. */
export const TEMPORAL_CLI_VERSION = '1.5.1';

/** The server inside of it, which tells a build by `go install` (CLI version 0.0.0-DEV) apart. */
export const TEMPORAL_SERVER_VERSION = '1.29.1';

/** The module that `go install` builds. 1.5.1 is the newest release that it can build. */
export const TEMPORAL_CLI_MODULE = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;

/** Where the project publishes its releases. */
export const OFFICIAL_RELEASE_URL = `https://github.com/temporalio/cli/releases/download/v${TEMPORAL_CLI_VERSION}`;

/** One official archive: the program `temporal` is at its top. */
export interface TemporalArchive {
  readonly name: string;
  readonly sha256: string;
}

const SHA256: Readonly<Record<string, string>> = {
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
};

/** The archive for this machine, or undefined where there is none with a known checksum. */
export function findArchive(platform: string, arch: string): TemporalArchive | undefined {
  const machine = `${platform}_${arch === 'x64' ? 'amd64' : arch}`;
  const sha256 = SHA256[machine];
  if (sha256 === undefined) {
    return undefined;
  }
  return { name: `temporal_cli_${TEMPORAL_CLI_VERSION}_${machine}.tar.gz`, sha256 };
}
