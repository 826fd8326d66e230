import { AwsError } from '../wire/aws-error.js';

/** Characters of a name and of each of its labels. */
const NAME_MAX = 255;
const LABEL = /^(\*|[\w!"#$%&'()+,/:;<=>?@[\]^`{|}~-]{1,63})$/;

/**
 * A domain name as Route 53 keeps it: small letters, a dot at its end, a leading asterisk as `\052`.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
 */
export function domainName(text: string | undefined): string {
  const plain = (text ?? '')
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\\052\./, '*.');
  if (plain.length > NAME_MAX || plain.split('.').some((label) => !LABEL.test(label)))
    throw new AwsError('InvalidDomainName', `The domain name ${text ?? ''} is not valid`);
  return `${plain.replace(/^\*/, '\\052')}.`;
}

/** What record sets are in the order of: name from its last label on, type, identifier. */
export function rankOf(set: {
  readonly Name: string | undefined;
  readonly Type: string | undefined;
  readonly SetIdentifier?: string | undefined;
}): string {
  const labels = (set.Name ?? '').split('.').toReversed().join('.');
  return [labels, set.Type ?? '', set.SetIdentifier ?? ''].join('\n');
}

/** What a record set of a zone is kept under. */
export function recordSetKey(zoneId: string, set: Parameters<typeof rankOf>[0]): string {
  return `${zoneId}/${rankOf(set)}`;
}
