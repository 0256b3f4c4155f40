/**
 * The studio for measurements: the real server with the starter model, and its page in Debian's Chromium.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { ensureBuilt } from '../../../main/cli/build.mjs';

const COMMAND = fileURLToPath(new URL('../../../main/cli/bin.mjs', import.meta.url));
const VIEWPORT = { width: 1280, height: 800 };

/**
 * Starts a server with a data folder of its own and opens its page.
 *
 * @returns the page, milliseconds until it was served and until its canvas was there, and what ends all of it
 */
export async function openStudio() {
  await ensureBuilt(console.error);
  const home = mkdtempSync(join(tmpdir(), 'underpaint-bench-ui-'));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: VIEWPORT });
  const begin = performance.now();
  const server = spawn(process.execPath, [COMMAND, 'serve'], {
    env: { ...process.env, UNDERPAINT_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = async () => {
    await browser.close();
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const url = await printedUrl(server);
    const servedMs = performance.now() - begin;
    await page.goto(url);
    await page.locator('#canvas canvas').first().waitFor();
    return { browser, page, server, url, servedMs, canvasMs: performance.now() - begin, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function printedUrl(server) {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout.on('data', (text) => {
      output += text;
      const found = /http:\S+/.exec(output);
      if (found) resolve(found[0]);
    });
    server.once('exit', () => reject(new Error(`The server ended: ${output}`)));
  });
}

/** A new painting whose layers each have a line on them. */
export async function preparePainting(page, side, layers) {
  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await page.keyboard.press('Control+Alt+n');
  await page.getByRole('spinbutton', { name: 'Width' }).fill(String(side));
  await page.getByRole('spinbutton', { name: 'Height' }).fill(String(side));
  await page.getByRole('button', { name: 'Create' }).click();
  const at = await placer(page);
  for (let layer = 0; layer < layers; layer++) {
    if (layer > 0) await page.keyboard.press('Control+Shift+N');
    await page.mouse.move(...at(0.3, 0.1 + layer * 0.04));
    await page.mouse.down();
    await page.mouse.move(...at(0.7, 0.1 + layer * 0.04), { steps: 5 });
    await page.mouse.up();
  }
}

/** Asks for pictures, and waits until they come. */
export async function askForPictures(page, count) {
  await page.getByRole('spinbutton', { name: 'Pictures' }).fill(String(count));
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  await page.locator('progress').first().waitFor();
}

/** Ends what is being made and hides what waits, so that the painting can be painted on. */
export async function putPicturesAway(page) {
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  if (await stop.isEnabled()) await stop.click();
  await stop.and(page.locator(':disabled')).waitFor();
  // Pictures come so quickly that the button is another one before a mouse is there.
  const hide = page.getByRole('button', { name: 'Hide', exact: true });
  if (await hide.isVisible()) await hide.dispatchEvent('click');
}

/** From shares of the canvas to places on the page. */
export async function placer(page) {
  const box = await page.locator('#canvas').boundingBox();
  return (x, y) => [box.x + x * box.width, box.y + y * box.height];
}
