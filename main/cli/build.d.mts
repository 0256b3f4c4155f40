/** Types of build.mjs. */

/** Absolute path of the built command line. */
export const CLI_ENTRY: string;

/** Absolute path of the built API. */
export const API_ENTRY: string;

/** Builds when the sources differ from those of the last build; `say` is told once when a build starts. */
export function ensureBuilt(say?: (line: string) => void): Promise<void>;
