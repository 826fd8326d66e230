import { errorCodesTable } from './error-codes.js';
import type { GeneratedPart } from './markdown.js';
import { namedNumbersTable } from './named-numbers.js';
import { permissionsTable } from './permissions.js';
import { roomsPicture, roomsTable } from './rooms.js';
import { settingsTable } from './settings.js';
import { stageTypesTable } from './stage-types.js';

/** Each document with the parts that follow from the code. */
export async function generatedDocuments(): Promise<
  readonly { readonly file: string; readonly parts: readonly GeneratedPart[] }[]
> {
  return [
    {
      file: 'README.md',
      parts: [
        { name: 'stage types', body: stageTypesTable() },
        { name: 'settings', body: settingsTable() },
        { name: 'permissions', body: permissionsTable() },
        { name: 'error codes', body: errorCodesTable() },
      ],
    },
    {
      file: 'ARCHITECTURE.md',
      parts: [
        { name: 'rooms', body: await roomsTable() },
        { name: 'picture of the rooms', body: await roomsPicture() },
        { name: 'defaults and bounds', body: namedNumbersTable() },
      ],
    },
  ];
}
