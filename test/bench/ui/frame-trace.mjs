/**
 * What the page's main thread does in each frame, from Chromium's own trace. Work is counted in processor time of the thread: other
 * programs, and Chromium's painter where it has no graphics card, take the same cores, and their time is not the page's.
 */

const CATEGORIES = ['devtools.timeline', 'toplevel', '__metadata'];
const IS_TASK = /(^|::)RunTask$/;
const SCRIPT = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FireIdleCallback',
  'FunctionCall',
  'MajorGC',
  'MinorGC',
  'RunMicrotasks',
  'TimerFire',
  'v8.callFunction',
]);

/**
 * @param act what is done meanwhile
 * @returns for each frame the milliseconds of script and of all work; and the longest task, in processor time and by the clock
 */
export async function traceFrames(browser, page, act) {
  await browser.startTracing(page, { categories: CATEGORIES });
  // Frames go on where nothing moves, so that work between two of them is not one frame's.
  const stop = await page.evaluateHandle(() => {
    let handle = requestAnimationFrame(function next() {
      handle = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(handle);
  });
  await act();
  await stop.evaluate((cancel) => cancel());
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return framesOf(traceEvents);
}

/** @throws Error where the trace holds no frames or no processor time: it would say nothing, and look good */
export function framesOf(traceEvents) {
  const events = mainThreadEvents(traceEvents);
  const tasks = outermost(events, ({ name }) => IS_TASK.test(name));
  const script = outermost(events, ({ name }) => SCRIPT.has(name));
  const callbacks = events.filter(({ name }) => name === 'FireAnimationFrame').map(({ ts }) => ts);
  // A frame begins with the task that calls the animation callbacks; there may be several of them.
  const starts = tasks.filter(({ ts, dur }) => callbacks.some((at) => at >= ts && at < ts + dur)).map(({ ts }) => ts);
  if (starts.length < 2 || !tasks.some(({ tdur }) => tdur > 0)) throw new Error('The trace shows no frames.');
  const last = starts.at(-1);
  const during = tasks.filter(({ ts }) => ts >= starts[0] && ts < last);
  return {
    script: sumsBetween(starts, script),
    work: sumsBetween(starts, tasks),
    longestTask: Math.max(...during.map(cpuMs)),
    longestTaskByClock: Math.max(...during.map(({ dur }) => dur / 1000)),
  };
}

/** Of the page that did most: extensions and the like have main threads, too. */
function mainThreadEvents(traceEvents) {
  const threads = new Map();
  for (const { name, args, pid, tid } of traceEvents) {
    if (name === 'thread_name' && args.name === 'CrRendererMain') threads.set(`${pid} ${tid}`, []);
  }
  for (const event of traceEvents) if (event.ph === 'X') threads.get(`${event.pid} ${event.tid}`)?.push(event);
  const [busiest = []] = [...threads.values()].sort((a, b) => b.length - a.length);
  return busiest.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
}

/** Events that are asked for and lie in no other such event; `events` are in order. */
function outermost(events, isAsked) {
  let end = -Infinity;
  return events.filter((event) => {
    if (!isAsked(event) || event.ts < end) return false;
    end = event.ts + event.dur;
    return true;
  });
}

/** Milliseconds of processor time of the events that begin between one start and the next. */
function sumsBetween(starts, events) {
  const sums = starts.slice(1).map(() => 0);
  let frame = 0;
  for (const event of events) {
    if (event.ts < starts[0]) continue;
    while (frame < sums.length && event.ts >= starts[frame + 1]) frame++;
    if (frame === sums.length) break;
    sums[frame] += cpuMs(event);
  }
  return sums;
}

function cpuMs({ tdur = 0 }) {
  return tdur / 1000;
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value that a share of all, 0 … 1, are at most. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}
