/**
 * Memory of the page, in MB: what its scripts hold and what its process takes.
 */
import { readFileSync } from 'node:fs';

const MB = 2 ** 20;

/**
 * What scripts hold after their garbage is gone: objects, and the bytes of arrays, which lie outside of their heap. Pixels of
 * canvases and what the browser keeps for itself are not in it.
 */
export async function heldMemory(page) {
  await page.requestGC();
  const session = await page.context().newCDPSession(page);
  const { usedSize, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return (usedSize + backingStorageSize) / MB;
}

/** Resident memory of the browser's page processes, pixels of canvases included. */
export async function residentMemory(browser) {
  const kilobytes = (await pageProcesses(browser)).map((id) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]),
  );
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

/** Process numbers of the browser's pages. */
export async function pageProcesses(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.flatMap(({ type, id }) => (type === 'renderer' ? [id] : []));
}
