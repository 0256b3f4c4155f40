/**
 * The window's own bars, in Debian's Chromium with the real host: a long stroke and zooming on a large painting of twenty layers,
 * while pictures are being made, and the start. Prints each bar with its measurement; a missed one makes the exit code 1.
 *
 *     npm run bench:ui
 *
 * Frames are measured in the page: script from Chromium's own counters, long tasks from its observer. Where Chromium paints in
 * software, as on a server, painting takes the same cores.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { ensureBuilt } from '../../../main/cli/build.mjs';

const COMMAND = fileURLToPath(new URL('../../../main/cli/bin.mjs', import.meta.url));
const SIDE = 2048;
const LAYERS = 20;
const STROKE_POINTS = 2000;
const ZOOM_STEPS = 120;

let missed = 0;

function report(name, value, unit, limit) {
  const met = limit === undefined || value <= limit;
  if (!met) missed++;
  const verdict = limit === undefined ? '' : `${met ? 'met' : 'MISSED'}: at most ${limit}`;
  console.log(`${name.padEnd(44)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(3)} ${verdict}`);
}

await ensureBuilt(console.error);
const home = mkdtempSync(join(tmpdir(), 'underpaint-bench-ui-'));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const server = spawn(process.execPath, [COMMAND, 'serve'], {
  env: { ...process.env, UNDERPAINT_HOME: home },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await measureStart(page);
  const counters = await countersOf(page);
  await preparePainting(page);
  await measureFrames(counters, 'stroke', () => stroke(page));
  await measureFrames(counters, 'zoom', () => zoom(page));
  await measureUndo(page);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
console.log(missed === 0 ? 'All bars are met.' : `${missed} bars are missed.`);
process.exitCode = missed === 0 ? 0 : 1;

async function measureStart(page) {
  const begin = performance.now();
  const url = await new Promise((resolve) => {
    let output = '';
    server.stdout.on('data', (text) => {
      output += text;
      const found = /http:\S+/.exec(output);
      if (found) resolve(found[0]);
    });
  });
  const serving = performance.now();
  await page.goto(url);
  await page.locator('#canvas canvas').first().waitFor();
  report('start: the page is served', (serving - begin) / 1000, 's', 1);
  report('start: the canvas is there', (performance.now() - begin) / 1000, 's', 2);
}

async function countersOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.evaluate(() => {
    window.benchLongTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.benchLongTasks.push(duration);
    }).observe({ entryTypes: ['longtask'] });
    window.benchFrames = 0;
    const count = () => {
      window.benchFrames++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    const [frames, longTasks] = await page.evaluate(() => [window.benchFrames, window.benchLongTasks.splice(0)]);
    return { script: of('ScriptDuration'), task: of('TaskDuration'), frames, longTasks };
  };
}

async function preparePainting(page) {
  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await page.keyboard.press('Control+Alt+n');
  await page.getByRole('spinbutton', { name: 'Width' }).fill(String(SIDE));
  await page.getByRole('spinbutton', { name: 'Height' }).fill(String(SIDE));
  await page.getByRole('button', { name: 'Create' }).click();
  const at = await placer(page);
  for (let layer = 0; layer < LAYERS; layer++) {
    if (layer > 0) await page.keyboard.press('Control+Shift+N');
    await page.mouse.move(...at(0.3, 0.1 + layer * 0.04));
    await page.mouse.down();
    await page.mouse.move(...at(0.7, 0.1 + layer * 0.04), { steps: 5 });
    await page.mouse.up();
  }
  await page.getByRole('spinbutton', { name: 'Pictures' }).fill('64');
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  await page.waitForTimeout(1000);
  await page.getByRole('button', { name: 'Hide', exact: true }).click();
  await page.evaluate(() => window.benchLongTasks.splice(0));
}

async function placer(page) {
  const box = await page.locator('#canvas').boundingBox();
  return (x, y) => [box.x + x * box.width, box.y + y * box.height];
}

async function measureFrames(counters, name, act) {
  const before = await counters();
  await act();
  const after = await counters();
  const frames = after.frames - before.frames;
  report(`${name}: script of a frame`, ((after.script - before.script) * 1000) / frames, 'ms', 4);
  report(`${name}: all work of a frame`, ((after.task - before.task) * 1000) / frames, 'ms', 16.7);
  report(`${name}: longest task (0: none above 50)`, Math.max(0, ...after.longTasks), 'ms', 50);
}

/** Dispatched in the page, some in each frame, as a quick pen gives them; the time of the last one is the commit's. */
async function stroke(page) {
  const commit = await page.evaluate(async (points) => {
    const canvas = document.getElementById('canvas');
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const send = (type, i) => {
      const [x, y] = [0.5 + 0.2 * Math.cos(i / 60), 0.5 + 0.35 * Math.sin(i / 97)];
      const place = { clientX: left + x * width, clientY: top + y * height, pointerId: 1, bubbles: true, buttons: 1 };
      const pen = { pointerType: 'pen', pressure: 0.6 };
      canvas.dispatchEvent(new PointerEvent(type, { ...place, ...pen, cancelable: true }));
    };
    canvas.setPointerCapture = () => {};
    send('pointerdown', 0);
    for (let i = 1; i < points; i++) {
      send('pointermove', i);
      if (i % 4 === 0) await new Promise(requestAnimationFrame);
    }
    const begin = performance.now();
    send('pointerup', points);
    return performance.now() - begin;
  }, STROKE_POINTS);
  report('stroke: commit', commit, 'ms', 16);
}

async function zoom(page) {
  const at = await placer(page);
  await page.mouse.move(...at(0.5, 0.5));
  for (let i = 0; i < ZOOM_STEPS; i++) {
    await page.mouse.wheel(0, i % 40 < 20 ? -60 : 60);
    await page.waitForTimeout(8);
  }
}

async function measureUndo(page) {
  const begin = performance.now();
  await page.keyboard.press('Control+z');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  report('undo of the stroke, until it is seen', performance.now() - begin, 'ms');
}
