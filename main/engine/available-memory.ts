/**
 * How much memory models may take.
 */

/**
 * Bytes that the system can still give, within a container's limit, and those that this process holds already: what is loaded is
 * put away when something else needs its room.
 */
export function availableMemory(): number {
  return process.availableMemory() + process.memoryUsage.rss();
}
