/**
 * Builds `out/main` before the tests, because the engine process that they start is built code.
 */
import { ensureBuilt } from '../main/cli/build.mjs';

export async function setup(): Promise<void> {
  await ensureBuilt((line) => console.error(line));
}
