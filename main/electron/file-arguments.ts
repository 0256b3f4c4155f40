/**
 * Files that the system asks a program to open, as they stand on its command line.
 */
import { resolve } from 'node:path';

/** Without its dot. */
export const PROJECT_EXTENSION = 'underpaint';

export function isProjectPath(path: string): boolean {
  return path.toLowerCase().endsWith(`.${PROJECT_EXTENSION}`);
}

/**
 * Absolute paths of the projects on a command line.
 *
 * @param argv the arguments, the program first; flags and the program's own script may be among them
 * @param folder what relative paths count from
 */
export function projectsOf(argv: readonly string[], folder: string): string[] {
  const names = argv.slice(1).filter((argument) => !argument.startsWith('-') && isProjectPath(argument));
  return names.map((name) => resolve(folder, name));
}
