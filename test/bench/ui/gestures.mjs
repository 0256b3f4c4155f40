/**
 * What a person does with the painting, as events of the page.
 */
/** Events of a pen that a browser brings together in one, at 240 a second. */
const POINTS_OF_FRAME = 4;
/** In which the view is moved. */
const VIEW_FRAMES = 240;

/**
 * A stroke with a pen over most of the canvas, one event in each frame with the points since the last one, as browsers give them.
 * A picture that waits over the painting is hidden first: nothing can be painted under it.
 *
 * @param points along the stroke
 * @returns milliseconds that lifting the pen took: the commit
 */
export function stroke(page, points) {
  return page.evaluate(
    async ([count, ofFrame]) => {
      const canvas = document.getElementById('canvas');
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const event = (type, i, coalescedEvents = []) => {
        const [x, y] = [0.5 + 0.2 * Math.cos(i / 60), 0.5 + 0.35 * Math.sin(i / 97)];
        const place = { clientX: left + x * width, clientY: top + y * height, pointerId: 1, buttons: 1 };
        const pen = { pointerType: 'pen', pressure: 0.6, bubbles: true, cancelable: true };
        return new PointerEvent(type, { ...place, ...pen, coalescedEvents });
      };
      canvas.setPointerCapture = () => {};
      document.querySelector('button[aria-label="Hide"]')?.click();
      canvas.dispatchEvent(event('pointerdown', 0));
      for (let i = ofFrame; i <= count; i += ofFrame) {
        const parts = Array.from({ length: ofFrame }, (_, part) => event('pointermove', i - ofFrame + 1 + part));
        canvas.dispatchEvent(event('pointermove', i, parts));
        await new Promise(requestAnimationFrame);
      }
      const begin = performance.now();
      canvas.dispatchEvent(event('pointerup', count));
      return performance.now() - begin;
    },
    [points, POINTS_OF_FRAME],
  );
}

/** A short stroke, from left to right at a height that is another one for each number. */
export function shortStroke(page, number) {
  return page.evaluate(async (i) => {
    const canvas = document.getElementById('canvas');
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const send = (type, x) => {
      const place = { clientX: left + x * width, clientY: top + (0.2 + 0.6 * ((i * 0.37) % 1)) * height };
      canvas.dispatchEvent(
        new PointerEvent(type, { ...place, pointerId: 1, bubbles: true, buttons: 1, cancelable: true }),
      );
    };
    canvas.setPointerCapture = () => {};
    send('pointerdown', 0.4);
    for (let x = 0.42; x < 0.6; x += 0.02) send('pointermove', x);
    send('pointerup', 0.6);
    await new Promise(requestAnimationFrame);
  }, number);
}

/** In and out around the middle, a turn of the wheel in each frame. */
export function zoom(page) {
  return page.evaluate(async (frames) => {
    const canvas = document.getElementById('canvas');
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const middle = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
    for (let i = 0; i < frames; i++) {
      canvas.dispatchEvent(new WheelEvent('wheel', { ...middle, deltaY: i % 40 < 20 ? -60 : 60 }));
      await new Promise(requestAnimationFrame);
    }
  }, VIEW_FRAMES);
}

/** Round and round with the middle button, a move in each frame. */
export function pan(page) {
  return page.evaluate(async (frames) => {
    const canvas = document.getElementById('canvas');
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const send = (type, i) => {
      const [x, y] = [0.5 + 0.2 * Math.sin(i / 9), 0.5 + 0.2 * Math.cos(i / 7)];
      const place = { clientX: left + x * width, clientY: top + y * height, pointerId: 1, button: 1, buttons: 4 };
      canvas.dispatchEvent(new PointerEvent(type, { ...place, bubbles: true, cancelable: true }));
    };
    canvas.setPointerCapture = () => {};
    send('pointerdown', 0);
    for (let i = 0; i < frames; i++) {
      send('pointermove', i);
      await new Promise(requestAnimationFrame);
    }
    send('pointerup', frames);
  }, VIEW_FRAMES);
}

/**
 * Takes the last step back.
 *
 * @returns milliseconds until that is on the screen, and what the window tells of it
 */
export async function undo(page) {
  const begin = performance.now();
  await page.keyboard.press('Control+z');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const told = await page.locator('p[role=status].sr-only').innerText();
  return { ms: performance.now() - begin, told };
}
