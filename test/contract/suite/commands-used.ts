import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../support/repository-root.js';

const SERVICES: Readonly<Record<string, string>> = {
  'client-ec2': 'ec2',
  'client-auto-scaling': 'autoscaling',
  'client-elastic-load-balancing-v2': 'elasticloadbalancing',
  'client-cloudwatch': 'cloudwatch',
  'client-service-quotas': 'servicequotas',
  'client-sts': 'sts',
  'client-ssm': 'ssm',
  'client-route-53': 'route53',
};

/** The operations whose commands or paginators a room imports from the SDK, each once: `ec2:DescribeImages`. */
export function commandsUsedIn(room: string): readonly string[] {
  const folder = path.join(repositoryRoot, room, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const used = files.flatMap((file) => importedIn(readFileSync(path.join(folder, file), 'utf8')));
  return [...new Set(used)].toSorted();
}

/** Throws where a source takes the SDK in a way that hides which operations it calls. */
function importedIn(source: string): readonly string[] {
  const hidden =
    /(?:import \* as \w+|import\(|require\(|export [^;]*) ?(?:from )?'@aws-sdk\/client-[^']+'/.exec(
      source,
    );
  if (hidden !== null) throw new Error(`import the commands by name, not as in: ${hidden[0]}`);
  return [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/([^']+)'/g)].flatMap(
    ([, names = '', module = '']) =>
      names.split(',').flatMap((name) => {
        const [original = ''] = name.trim().split(' as ');
        const operation =
          /^([A-Z]\w*)Command$/.exec(original) ?? /^paginate([A-Z]\w*)$/.exec(original);
        return operation === null ? [] : [`${SERVICES[module] ?? module}:${operation[1]}`];
      }),
  );
}
