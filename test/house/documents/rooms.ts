import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { cruise, repository } from '../cruise.js';
import { code, table } from './markdown.js';

interface Room {
  readonly folder: string;
  readonly floor: number | null;
  readonly holds: string;
  readonly from: readonly string[];
  readonly packages: readonly string[];
  readonly node: boolean;
}

/** The rooms that there are, with what they may import, as the layer check reads it. */
export async function roomsTable(): Promise<string> {
  const rooms = await existingRooms();
  const there = new Set(rooms.map((room) => room.folder));
  const rows = rooms.map((room) => [
    room.floor === null ? '' : String(room.floor),
    code(room.folder),
    room.holds,
    room.from
      .filter((folder) => there.has(folder))
      .map(code)
      .join(', ') || 'nothing',
    [...(room.node ? ['node:*'] : []), ...room.packages.flatMap(packageNames)].map(code).join(', '),
  ]);
  return table(['Floor', 'Room', 'What lives there', 'May import from', 'Packages'], rows);
}

/** Which room imports which today, as dependency-cruiser saw it, in Mermaid. */
export async function roomsPicture(): Promise<string> {
  const rooms = await existingRooms();
  const roomOf = (file: string): string | undefined =>
    rooms.find((room) => file.startsWith(`${room.folder}/`))?.folder;
  const arrows = cruise().modules.flatMap((module) =>
    module.dependencies.map(({ resolved }) => [roomOf(module.source), roomOf(resolved)] as const),
  );
  const lines = arrows.flatMap(([from, to]) =>
    from === undefined || to === undefined || from === to ? [] : [`  ${id(from)} --> ${id(to)}`],
  );
  const boxes = rooms.map((room) => `  ${id(room.folder)}["${label(room.folder)}"]`);
  const body = [...boxes, ...new Set(lines.toSorted())];
  return ['```mermaid', 'flowchart TD', ...body, '```'].join('\n');
}

async function existingRooms(): Promise<readonly Room[]> {
  const rules = pathToFileURL(path.join(repository, '.dependency-cruiser.mjs')).href;
  const { rooms } = (await import(rules)) as { readonly rooms: readonly Room[] };
  return rooms.filter((room) => existsSync(path.join(repository, room.folder)));
}

/** `@temporalio/(client|common)` names two packages; `[^/]+` is any. */
function packageNames(pattern: string): readonly string[] {
  const group = /^(.*)\(([^)]*)\)$/.exec(pattern);
  if (group === null) return [pattern.replace('[^/]+', '*')];
  return (group[2] ?? '').split('|').map((name) => `${group[1] ?? ''}${name}`);
}

function id(folder: string): string {
  return folder.replace('/src/', '_').replaceAll(/[^a-z]/g, '_');
}

function label(folder: string): string {
  return folder.replace('/src/', '/');
}
