import { readdirSync } from 'node:fs';
import path from 'node:path';

import { repository, roomFolders } from './cruise.js';

const notSources = new Set(['dist', 'node_modules', 'histories']);

/** Every TypeScript file of every room. */
export function sourceFiles(): readonly string[] {
  return roomFolders.flatMap(filesBelow).filter((file) => /\.m?ts$/.test(file));
}

/** Every file of a folder that belongs to the project, relative to the repository, in order. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(path.join(repository, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return notSources.has(entry.name) ? [] : filesBelow(file);
      return [file];
    })
    .toSorted();
}
