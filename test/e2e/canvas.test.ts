/**
 * What tools do to a painting, with a real mouse and a real pen.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { HAS_CHROMIUM, StudioWindow } from './support/studio-window.ts';
import { useStudio } from './support/use-studio.ts';

/** The ground's two shades are closer than this, and colours of the palette farther from them. */
const GROUND_GAP = 32;

type Place = readonly [x: number, y: number];

describe.runIf(HAS_CHROMIUM)('the canvas', () => {
  const studio = useStudio();

  const differs = async (at: Place, from: readonly number[]) =>
    (await studio.window.pixel(...at)).some((value, i) => Math.abs(value - (from[i] as number)) > GROUND_GAP);
  const becomes = (at: Place, from: readonly number[], changed: boolean) =>
    expect.poll(() => differs(at, from)).toBe(changed);

  /** Draws a horizontal line with a pen that presses with `force`, 0 … 1. */
  async function penLine(session: CDPSession, y: number, force: number): Promise<void> {
    const box = await studio.page.locator('#canvas').boundingBox();
    if (!box) throw new Error('There is no canvas.');
    const send = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', x: number) =>
      session.send('Input.dispatchMouseEvent', {
        type,
        x: box.x + x * box.width,
        y: box.y + y * box.height,
        button: 'left',
        buttons: type === 'mouseReleased' ? 0 : 1,
        clickCount: 1,
        pointerType: 'pen',
        force,
      });
    await send('mousePressed', 0.4);
    for (let x = 0.42; x <= 0.6; x += 0.02) await send('mouseMoved', x);
    await send('mouseReleased', 0.6);
  }

  /** How many of the places a little above and below a line have another colour than before. */
  async function thickness(y: number, ground: readonly number[]): Promise<number> {
    let count = 0;
    for (let dy = -0.03; dy <= 0.03; dy += 0.002) if (await differs([0.5, y + dy], ground)) count++;
    return count;
  }

  it('paints wider where a pen presses harder', async () => {
    const ground = await studio.window.pixel(0.5, 0.2);
    const session = await studio.page.context().newCDPSession(studio.page);
    await penLine(session, 0.2, 0.2);
    await penLine(session, 0.4, 0.9);
    await becomes([0.5, 0.2], ground, true);
    await becomes([0.5, 0.4], ground, true);
    const [light, firm] = [await thickness(0.2, ground), await thickness(0.4, ground)];
    expect(light).toBeGreaterThan(0);
    expect(firm).toBeGreaterThan(light * 2);
  });

  it('erases with the other end of a pen', async () => {
    const ground = await studio.window.pixel(0.5, 0.2);
    await studio.window.drag([0.4, 0.2], [0.6, 0.2]);
    await becomes([0.5, 0.2], ground, true);
    await studio.page.locator('#canvas').evaluate((canvas) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const send = (type: string, x: number) =>
        canvas.dispatchEvent(
          new PointerEvent(type, {
            clientX: left + x * width,
            clientY: top + 0.2 * height,
            pointerId: 7,
            pointerType: 'pen',
            pressure: 1,
            button: type === 'pointermove' ? -1 : 5,
            buttons: type === 'pointerup' ? 0 : 32,
            bubbles: true,
            cancelable: true,
          }),
        );
      canvas.setPointerCapture = () => {};
      send('pointerdown', 0.45);
      send('pointermove', 0.55);
      send('pointerup', 0.55);
    });
    await becomes([0.5, 0.2], ground, false);
    await expect.poll(() => studio.page.getByRole('button', { name: 'Brush', pressed: true }).count()).toBe(1);
  });

  it('goes straight on from the last stroke with Shift, and takes a colour with Alt', async () => {
    const { page } = studio.window;
    const ground = await studio.window.pixel(0.5, 0.5);
    await studio.window.drag([0.45, 0.2], [0.45, 0.2]);
    await page.keyboard.down('Shift');
    await studio.window.drag([0.45, 0.5], [0.45, 0.5]);
    await page.keyboard.up('Shift');
    await becomes([0.45, 0.35], ground, true);
    const swatch = page.getByLabel('Colour', { exact: true });
    const before = await swatch.inputValue();
    await page.getByRole('button', { name: 'Colour #bc4b51' }).click();
    await page.keyboard.down('Alt');
    await studio.window.drag([0.45, 0.35], [0.45, 0.35]);
    await page.keyboard.up('Alt');
    // Half-covered pixels round.
    await expect.poll(async () => (await swatch.inputValue()).slice(0, 4)).toBe(before.slice(0, 4));
  });

  it('keeps every tool inside of the selection, whatever it was made of', async () => {
    const { page } = studio.window;
    const ground = await studio.window.pixel(0.5, 0.3);
    await page.keyboard.press('m');
    await studio.window.drag([0.4, 0.2], [0.6, 0.6]);
    await page.keyboard.down('Alt');
    await studio.window.drag([0.48, 0.15], [0.52, 0.65]);
    await page.keyboard.up('Alt');
    await page.keyboard.press('b');
    await studio.window.drag([0.35, 0.3], [0.65, 0.3]);
    await becomes([0.45, 0.3], ground, true);
    await becomes([0.55, 0.3], ground, true);
    await becomes([0.5, 0.3], ground, false);
    await becomes([0.37, 0.3], ground, false);
    await page.keyboard.press('r');
    await studio.window.drag([0.35, 0.45], [0.65, 0.55]);
    await becomes([0.45, 0.5], ground, true);
    await becomes([0.5, 0.5], ground, false);
    await page.keyboard.press('Control+Shift+I');
    await page.keyboard.press('g');
    await studio.window.drag([0.37, 0.7], [0.37, 0.7]);
    await becomes([0.5, 0.5], ground, true);
    await becomes([0.42, 0.23], ground, false);
  });

  it('moves and transforms what is selected, and the selection with it', async () => {
    const { page } = studio.window;
    const ground = await studio.window.pixel(0.5, 0.7);
    await studio.window.drag([0.4, 0.2], [0.6, 0.2]);
    await becomes([0.58, 0.2], ground, true);
    await page.keyboard.press('m');
    await studio.window.drag([0.36, 0.1], [0.5, 0.3]);
    await page.keyboard.press('v');
    await studio.window.drag([0.45, 0.2], [0.45, 0.6]);
    await becomes([0.45, 0.6], ground, true);
    await becomes([0.45, 0.2], ground, false);
    await becomes([0.58, 0.2], ground, true);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Backspace');
    await becomes([0.45, 0.6], ground, false);
    await becomes([0.58, 0.2], ground, true);
    for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
    await becomes([0.45, 0.2], ground, true);
  });

  it('leaves transparency alone while it is locked, and says so', async () => {
    const { page } = studio.window;
    const ground = await studio.window.pixel(0.5, 0.2);
    await studio.window.drag([0.4, 0.2], [0.6, 0.2]);
    await becomes([0.5, 0.2], ground, true);
    const painted = await studio.window.pixel(0.5, 0.2);
    await page.getByRole('button', { name: 'Lock transparency' }).click();
    await page.keyboard.press('e');
    await studio.window.drag([0.4, 0.2], [0.6, 0.2]);
    await page.getByText('keeps its transparency').waitFor();
    await becomes([0.5, 0.2], painted, false);
    await page.keyboard.press('b');
    await page.getByRole('button', { name: 'Colour #bc4b51' }).click();
    await studio.window.drag([0.5, 0.1], [0.5, 0.5]);
    await becomes([0.5, 0.2], painted, true);
    await becomes([0.5, 0.4], ground, false);
  });

  it('moves guides and takes them away, and snaps to them', async () => {
    const { page } = studio.window;
    const ruler = await page.getByRole('img', { name: /Vertical ruler/ }).boundingBox();
    const canvas = await page.locator('#canvas').boundingBox();
    if (!ruler || !canvas) throw new Error('There is no ruler.');
    const guides = () => page.evaluate(() => document.querySelectorAll('#canvas canvas').length);
    expect(await guides()).toBe(2);
    await page.mouse.move(ruler.x + 5, canvas.y + 200);
    await page.mouse.down();
    await page.mouse.move(canvas.x + 0.45 * canvas.width, canvas.y + 200, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.press('r');
    const ground = await studio.window.pixel(0.44, 0.5);
    // A corner some pixels beside the guide goes onto it.
    await studio.window.drag([0.452, 0.4], [0.55, 0.6]);
    await becomes([0.4508, 0.5], ground, true);
    await page.keyboard.press('v');
    await studio.window.drag([0.45, 0.8], [0.35, 0.8]);
    await page.keyboard.press('r');
    await studio.window.drag([0.352, 0.4], [0.4, 0.6]);
    await becomes([0.3508, 0.5], ground, true);
    await page.keyboard.press('v');
    await studio.window.drag([0.35, 0.8], [0.005, 0.8]);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await becomes([0.3508, 0.5], ground, false);
  });

  it('paints where the pointer is when the view is turned and zoomed', async () => {
    const { page } = studio.window;
    for (let i = 0; i < 3; i++) await page.keyboard.press('.');
    await page.keyboard.press('+');
    const ground = await studio.window.pixel(0.5, 0.5);
    await studio.window.drag([0.45, 0.5], [0.55, 0.5]);
    await becomes([0.5, 0.5], ground, true);
    await page.getByRole('button', { name: 'Turn the view upright' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Turn the view upright' }).isDisabled()).toBe(true);
  });

  it('drags layers into another order, and merges them as they look', async () => {
    const { page } = studio.window;
    await studio.window.drag([0.4, 0.2], [0.6, 0.2]);
    await page.getByRole('button', { name: 'Add a layer: Paint layer' }).click();
    await page.getByRole('button', { name: 'Colour #bc4b51' }).click();
    await studio.window.drag([0.5, 0.1], [0.5, 0.3]);
    const above = await studio.window.pixel(0.5, 0.2);
    const list = page.getByRole('list', { name: 'Layers' }).getByRole('listitem');
    await list.nth(0).dragTo(list.nth(1));
    await becomes([0.5, 0.2], above, true);
    const below = await studio.window.pixel(0.5, 0.2);
    await page.getByRole('slider', { name: 'Opacity' }).last().fill('0.8');
    await page.locator('#canvas').focus();
    await page.keyboard.press('PageUp');
    await page.getByRole('combobox', { name: 'Blend mode' }).selectOption('multiply');
    await page.getByRole('slider', { name: 'Opacity' }).last().fill('0.5');
    await becomes([0.5, 0.2], below, true);
    const looks = await Promise.all([studio.window.pixel(0.5, 0.2), studio.window.pixel(0.5, 0.12)]);
    await page.locator('#canvas').focus();
    await page.keyboard.press('Control+e');
    await expect.poll(() => studio.window.layers()).toHaveLength(1);
    const merged = await Promise.all([studio.window.pixel(0.5, 0.2), studio.window.pixel(0.5, 0.12)]);
    for (const [i, look] of looks.entries())
      for (const [j, value] of look.entries()) expect(Math.abs(value - (merged[i]?.[j] as number))).toBeLessThan(4);
  });

  it('frames what is selected, and moves the frame by keys', async () => {
    const { page } = studio.window;
    await page.keyboard.press('m');
    await studio.window.drag([0.3, 0.1], [0.45, 0.3]);
    await studio.command('Frame the selection');
    await page.keyboard.press('Control+1');
    const zoomed = await page.getByLabel('Zoom', { exact: true }).innerText();
    await studio.command('Frame the whole painting');
    await page.keyboard.press('Control+1');
    await expect.poll(() => page.getByLabel('Zoom', { exact: true }).innerText()).not.toBe(zoomed);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+1');
    await expect.poll(() => page.getByLabel('Zoom', { exact: true }).innerText()).toBe(zoomed);
  });

  const zoomPercent = async () =>
    Number.parseInt(await studio.page.getByLabel('Zoom', { exact: true }).innerText(), 10);

  /** Two fingers on a horizontal line around the middle, from one distance to another, in shares of the canvas's width. */
  async function pinch(from: number, to: number): Promise<void> {
    const box = await studio.page.locator('#canvas').boundingBox();
    if (!box) throw new Error('There is no canvas.');
    const session = await studio.page.context().newCDPSession(studio.page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...offsets: readonly number[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: offsets.map((offset, id) => ({
          id,
          x: box.x + (0.5 + offset) * box.width,
          y: box.y + 0.5 * box.height,
        })),
      });
    await send('touchStart', -from / 2);
    await send('touchStart', -from / 2, from / 2);
    for (let share = 0.1; share < 1.05; share += 0.1) {
      const half = (from + (to - from) * share) / 2;
      await send('touchMove', -half, half);
    }
    await send('touchEnd');
  }

  it('zooms with two fingers, and paints nothing with the first of them', async () => {
    const ground = await studio.window.pixel(0.4, 0.5);
    const before = await zoomPercent();
    await pinch(0.2, 0.4);
    await expect.poll(async () => (await zoomPercent()) / before).toBeCloseTo(2, 1);
    expect(await studio.page.getByRole('button', { name: /^Undo/ }).isDisabled()).toBe(true);
    expect(await differs([0.4, 0.5], ground)).toBe(false);
  });

  it('zooms as far as the fingers on a trackpad, and as a wheel turns', async () => {
    const { page } = studio;
    const box = await page.locator('#canvas').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200);
    const before = await zoomPercent();
    await page.keyboard.down('Control');
    for (let i = 0; i < 10; i++) await page.mouse.wheel(0, -7);
    await page.keyboard.up('Control');
    await expect.poll(async () => (await zoomPercent()) / before).toBeCloseTo(Math.exp(0.7), 1);
    await page.mouse.wheel(0, 200);
    await expect.poll(async () => (await zoomPercent()) / before).toBeCloseTo(Math.exp(0.7 - 0.3), 1);
  });

  it('has the tools in the next window as they were', async () => {
    const { page } = studio;
    const size = () => studio.page.getByRole('slider', { name: 'Size' });
    await size().fill('77');
    await page.getByRole('button', { name: 'Colour #bc4b51' }).click();
    await page.getByRole('button', { name: 'Flow', exact: true }).click();
    const stored = async () => JSON.parse(await readFile(join(studio.home, 'settings.json'), 'utf8')).tools ?? {};
    await expect.poll(async () => (await stored().catch(() => ({}))).brush?.pressureFlow).toBe(true);
    await studio.window.close();
    studio.window = await StudioWindow.open(studio.browser, studio.server.url);
    await expect.poll(() => size().inputValue()).toBe('77');
    expect(await stored()).toMatchObject({ color: '#bc4b51', brush: { size: 77, pressureFlow: true } });
    const ground = await studio.window.pixel(0.5, 0.5);
    await studio.window.drag([0.4, 0.5], [0.6, 0.5]);
    await becomes([0.5, 0.5], ground, true);
    const [red, green] = await studio.window.pixel(0.5, 0.5);
    expect(red).toBeGreaterThan((green ?? 255) + 50);
  });
});
