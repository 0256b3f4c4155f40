/**
 * The window's own bars, in Debian's Chromium with the real host: a long stroke, zooming and panning on a large painting of twenty
 * layers while pictures are being made, the memory of layers and of the history, and the start. Prints each bar with its measurement; a missed one makes the exit code 1.
 *
 *     npm run bench:ui
 *
 * Frames are measured in the page: script from Chromium's own counters, long tasks from its observer. Where Chromium paints in
 * software, as on a server, painting takes the same cores.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
const UNDO_STEPS = 500;
const FULL_LAYERS = 10;
/** Tiles are packed and the painting is kept in this time. */
const SETTLE_MS = 6000;

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
  await measureFrames(counters, 'pan', () => pan(page));
  await measureTrace(page);
  await measureUndo(page);
  await measureHistory(page);
  await measureLayers(page);
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
  // Pictures come so quickly that the button is another one before a mouse is there.
  await page.getByRole('button', { name: 'Hide', exact: true }).dispatchEvent('click');
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
async function stroke(page, tell = (commit) => report('stroke: commit', commit, 'ms', 16)) {
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
  tell(commit);
}

async function zoom(page) {
  const at = await placer(page);
  await page.mouse.move(...at(0.5, 0.5));
  for (let i = 0; i < ZOOM_STEPS; i++) {
    await page.mouse.wheel(0, i % 40 < 20 ? -60 : 60);
    await page.waitForTimeout(8);
  }
}

async function pan(page) {
  const at = await placer(page);
  await page.mouse.move(...at(0.5, 0.5));
  await page.mouse.down({ button: 'middle' });
  for (let i = 0; i < ZOOM_STEPS; i++) {
    await page.mouse.move(...at(0.5 + 0.2 * Math.sin(i / 9), 0.5 + 0.2 * Math.cos(i / 7)));
    await page.waitForTimeout(8);
  }
  await page.mouse.up({ button: 'middle' });
}

/** The work that Chromium's own trace shows between one frame and the next, while a stroke is made. */
async function measureTrace(page) {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel', '__metadata'] });
  await stroke(page, () => {});
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const isMain = new Set(
    traceEvents.flatMap(({ name, args, pid, tid }) =>
      name === 'thread_name' && args.name === 'CrRendererMain' ? [`${pid} ${tid}`] : [],
    ),
  );
  const events = traceEvents.filter(({ pid, tid }) => isMain.has(`${pid} ${tid}`)).sort((a, b) => a.ts - b.ts);
  const frames = events.filter(({ name }) => name === 'FireAnimationFrame').map(({ ts }) => ts);
  const tasks = events.filter(({ name, dur }) => /(^|::)RunTask$/.test(name) && dur > 0);
  const work = frames.slice(1).map((end, i) => {
    const within = tasks.filter(({ ts }) => ts >= frames[i] && ts < end);
    return within.reduce((sum, { dur }) => sum + dur, 0) / 1000;
  });
  work.sort((a, b) => a - b);
  report(
    'stroke: work of 95 of 100 frames, in the trace',
    // A trace without tasks says nothing of the work.
    tasks.length > 0 ? (work[Math.floor(work.length * 0.95)] ?? Infinity) : Infinity,
    'ms',
    16.7,
  );
}

/** Resident memory of all of the browser's pages, in MB. */
async function memory() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  const kilobytes = pages.map(({ id }) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]),
  );
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

/** What 500 strokes leave behind, once the painting has been kept and their tiles are packed. */
async function measureHistory(page) {
  const before = await memory();
  for (let i = 0; i < UNDO_STEPS; i++) {
    await page.evaluate(async (i) => {
      const canvas = document.getElementById('canvas');
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const send = (type, x) => {
        const place = { clientX: left + x * width, clientY: top + (0.2 + 0.6 * ((i * 0.37) % 1)) * height };
        canvas.dispatchEvent(
          new PointerEvent(type, { ...place, pointerId: 1, bubbles: true, buttons: 1, cancelable: true }),
        );
      };
      send('pointerdown', 0.4);
      for (let x = 0.42; x < 0.6; x += 0.02) send('pointermove', x);
      send('pointerup', 0.6);
      await new Promise(requestAnimationFrame);
    }, i);
  }
  await page.waitForTimeout(SETTLE_MS);
  report(`history: memory of ${UNDO_STEPS} steps`, (await memory()) - before, 'MB', 500);
}

/** Layers that are painted all over, beyond those that are there, against their raw pixels. */
async function measureLayers(page) {
  const before = await memory();
  await page.keyboard.press('g');
  const at = await placer(page);
  for (let i = 0; i < FULL_LAYERS; i++) {
    await page.keyboard.press('Control+Shift+N');
    await page.mouse.click(...at(0.5, 0.5));
  }
  await page.waitForTimeout(SETTLE_MS);
  const raw = (FULL_LAYERS * SIDE * SIDE * 4) / 2 ** 20;
  report('layers: memory, as a multiple of their pixels', ((await memory()) - before) / raw, '×', 1.5);
}

async function measureUndo(page) {
  const begin = performance.now();
  await page.keyboard.press('Control+z');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  report('undo of the stroke, until it is seen', performance.now() - begin, 'ms');
}
