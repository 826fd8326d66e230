import { commandsUsedIn } from '../../contract/suite/commands-used.js';
import { code, table } from './markdown.js';

const reads = /:(Describe|Get|List)/;

/** Each service with the actions that the AWS room calls, by IAM's names, which are those of the operations. */
export function permissionsTable(): string {
  const actions = commandsUsedIn('libs/aws');
  const services = [...new Set(actions.map((action) => action.split(':')[0] ?? ''))];
  const rows = services.map((service) => {
    const own = actions.filter((action) => action.startsWith(`${service}:`));
    const named = (list: readonly string[]) => list.map(code).join(', ');
    return [
      named(own.filter((action) => reads.test(action))),
      named(own.filter((action) => !reads.test(action))),
    ];
  });
  return table(['Reads', 'Writes'], rows);
}
