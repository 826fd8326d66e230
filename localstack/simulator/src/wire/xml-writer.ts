import type { AwsError } from './aws-error.js';
import { SERVICES, type ServiceName } from './sdk-model.js';
import type { Operation, Shape, Structure } from './shape.js';

/** Writes a reply as the service words it; the real SDK's deserializer reads it back to `output`. */
export function writeReply(
  service: ServiceName,
  operation: Operation,
  reply: { readonly output: unknown; readonly requestId: string },
): string {
  const { dialect, namespace } = SERVICES[service];
  const members =
    operation.output === undefined ? '' : structureContent(operation.output, reply.output);
  const body =
    dialect === 'ec2'
      ? `<requestId>${reply.requestId}</requestId>${members || (operation.output === undefined ? '<return>true</return>' : '')}`
      : `${operation.output === undefined ? '' : element(`${operation.name}Result`, members)}<ResponseMetadata><RequestId>${reply.requestId}</RequestId></ResponseMetadata>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${operation.name}Response xmlns="${namespace}">${body}</${operation.name}Response>`;
}

/** Writes a reply of a REST service: the members that are not in its headers, without a frame around them. */
export function writeRestReply(
  service: ServiceName,
  { name, output }: Operation,
  reply: unknown,
): string {
  const root = output?.name ?? `${name}Response`;
  const content = output === undefined ? '' : structureContent(output, reply);
  return `<?xml version="1.0"?>\n<${root} xmlns="${SERVICES[service].namespace}">${content}</${root}>`;
}

/** Writes a refusal: EC2's `Response/Errors/Error`, the others' `ErrorResponse/Error`. */
export function writeError(service: ServiceName, error: AwsError, requestId: string): string {
  const content = `<Code>${escape(error.code)}</Code><Message>${escape(error.message)}</Message>`;
  if (SERVICES[service].dialect === 'ec2') {
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>${content}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  }
  const side = error.status >= 500 ? 'Receiver' : 'Sender';
  return `<ErrorResponse xmlns="${SERVICES[service].namespace}"><Error><Type>${side}</Type>${content}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function structureContent(shape: Structure, value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  let content = '';
  for (const member of shape.members) {
    const memberValue: unknown = Reflect.get(value, member.name);
    if (memberValue !== undefined && memberValue !== null && member.place.kind === 'body') {
      content += element(member.xmlName, valueContent(member.shape(), memberValue));
    }
  }
  return content;
}

function valueContent(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'structure':
      return structureContent(shape, value);
    case 'list':
      return listContent(shape, value);
    case 'map':
      return Object.entries(value as Readonly<Record<string, unknown>>)
        .map(([key, item]) =>
          element(
            'entry',
            element(shape.keyName, escape(key)) +
              element(shape.valueName, valueContent(shape.value(), item)),
          ),
        )
        .join('');
    case 'timestamp':
      return (value instanceof Date ? value : new Date(String(value))).toISOString();
    case 'blob':
      return value instanceof Uint8Array
        ? Buffer.from(value).toString('base64')
        : escape(String(value));
    default:
      return escape(String(value));
  }
}

/** Without lists in between: replies are mostly lists, and this is where most of their time goes. */
function listContent(shape: Shape & { readonly kind: 'list' }, value: unknown): string {
  if (!Array.isArray(value)) return '';
  const member = shape.member();
  let content = '';
  for (const item of value as readonly unknown[])
    content += element(shape.memberName, valueContent(member, item));
  return content;
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const UNSAFE = /[&<>"']/;

function escape(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
