/**
 * Opens the studio for one command and closes it whatever happens.
 */
import { type OpenStudioOptions, openStudio, type Studio } from '../studio.ts';

/**
 * @param work gets a signal that the first Ctrl+C aborts; a second one ends the program at once
 */
export async function withStudio<T>(
  work: (studio: Studio, signal: AbortSignal) => Promise<T>,
  options: OpenStudioOptions = {},
): Promise<T> {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const studio = openStudio(options);
  try {
    return await work(studio, stop.signal);
  } finally {
    await studio.dispose();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
