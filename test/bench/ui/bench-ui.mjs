/**
 * The window's own bars, in Debian's Chromium with the real host: a long stroke, zooming and panning on a large painting of twenty
 * layers while pictures are being made, the memory of layers and of the history, the cost of previews, and the start. Prints each
 * bar with its measurement; a missed one makes the exit code 1.
 *
 *     npm run bench:ui [-- --keep]
 *
 * `--keep` makes this run's ratios the baselines that later runs are held to.
 */
import { mean, quantile, traceFrames } from './frame-trace.mjs';
import { pan, shortStroke, stroke, undo, zoom } from './gestures.mjs';
import { heldMemory, residentMemory } from './memory.mjs';
import { previewCost } from './previews.mjs';
import { reference } from './reference.mjs';
import { Report } from './report.mjs';
import { askForPictures, openStudio, placer, preparePainting, putPicturesAway } from './studio.mjs';

const SIDE = 2048;
const LAYERS = 20;
const STROKE_POINTS = 2000;
/** More than are made during all gestures. */
const PICTURES = 64;
const UNDO_STEPS = 500;
const FULL_LAYERS = 10;
/** Tiles are packed and the painting is kept in this time. */
const SETTLE_MS = 6000;

const report = new Report();
const studio = await openStudio();
try {
  const { page, servedMs, canvasMs } = studio;
  report.measured('start: the page is served', servedMs / 1000, 's', 1);
  report.measured('start: the canvas is there', canvasMs / 1000, 's', 2);
  await preparePainting(page, SIDE, LAYERS);
  const unit = mean((await traceFrames(studio.browser, page, () => reference(page))).script);
  report.measured('reference: script of a frame', unit, 'ms');
  await compareGestures(unit);
  await measureGestures();
  await putPicturesAway(page);
  // All of the painting is seen, so that nothing is painted beside it.
  await page.keyboard.press('Control+0');
  await measureLayers();
  await measureHistory();
  report.measured('previews: processor time with them, over that without', await previewCost(studio), '×', 1.03);
} finally {
  await studio.close();
}
if (process.argv.includes('--keep')) report.keep();
process.exitCode = report.finish() ? 0 : 1;

/** Without pictures: how many come in a frame depends on what else the machine does. */
async function compareGestures(unit) {
  const { page, browser } = studio;
  const gestures = { stroke: () => stroke(page, STROKE_POINTS), zoom: () => zoom(page), pan: () => pan(page) };
  for (const [name, act] of Object.entries(gestures)) {
    const { script, work } = await traceFrames(browser, page, act);
    report.compared(`${name}: script of a frame`, mean(script) / unit);
    report.compared(`${name}: work of a frame`, mean(work) / unit);
  }
}

/** While pictures are made and shown. */
async function measureGestures() {
  const { page } = studio;
  let commitMs = 0;
  await askForPictures(page, PICTURES);
  await measureFrames('stroke', async () => {
    commitMs = await stroke(page, STROKE_POINTS);
  });
  report.measured('stroke: commit, by the clock', commitMs, 'ms', 16);
  await measureUndo();
  await askForPictures(page, PICTURES);
  await measureFrames('zoom', () => zoom(page));
  await measureFrames('pan', () => pan(page));
}

async function measureFrames(name, act) {
  const { script, work, longestTask, longestTaskByClock } = await traceFrames(studio.browser, studio.page, act);
  report.measured(`${name}: script of a frame`, mean(script), 'ms', 4);
  report.measured(`${name}: work of 95 of 100 frames`, quantile(work, 0.95), 'ms', 16.7);
  report.measured(`${name}: longest task`, longestTask, 'ms', 50);
  report.measured(`${name}: longest task, by the clock`, longestTaskByClock, 'ms');
}

/** Also shows that the stroke was painted at all. */
async function measureUndo() {
  const { ms, told } = await undo(studio.page);
  if (!told.includes('brush stroke')) throw new Error(`The stroke was not painted: '${told}'.`);
  report.measured('undo of the stroke, until it is seen, by the clock', ms, 'ms');
}

/** What many strokes leave behind, once the painting has been kept and their tiles are packed. */
async function measureHistory() {
  const { page, browser } = studio;
  await page.waitForTimeout(SETTLE_MS);
  await page.keyboard.press('b');
  const [held, resident] = [await heldMemory(page), await residentMemory(browser)];
  for (let i = 0; i < UNDO_STEPS; i++) await shortStroke(page, i);
  await page.waitForTimeout(SETTLE_MS);
  const grown = (await heldMemory(page)) - held;
  if (!(await undo(page)).told.includes('brush stroke')) throw new Error('The strokes were not painted.');
  report.measured(`history: what scripts hold for ${UNDO_STEPS} steps`, grown, 'MB', 500);
  report.measured(
    'history: resident memory, beyond that before',
    (await residentMemory(browser)) - resident,
    'MB',
    500,
  );
}

/** Layers that are painted all over, beyond those that are there, against their raw pixels. */
async function measureLayers() {
  const { page, browser } = studio;
  await heldMemory(page);
  const before = await residentMemory(browser);
  await page.keyboard.press('g');
  const at = await placer(page);
  for (let i = 0; i < FULL_LAYERS; i++) {
    await page.keyboard.press('Control+Shift+N');
    await page.mouse.click(...at(0.5, 0.5));
  }
  await page.waitForTimeout(SETTLE_MS);
  await heldMemory(page);
  const raw = (FULL_LAYERS * SIDE * SIDE * 4) / 2 ** 20;
  report.measured(
    'layers: resident memory over that of their pixels',
    ((await residentMemory(browser)) - before) / raw,
    '×',
    1.5,
  );
}
