/**
 * Paintings, projects, the gallery and the queue, as a person handles them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../../app/contracts/studio-api.ts';
import { isSettled } from '../../app/jobs/job.ts';
import { HAS_CHROMIUM } from './support/studio-window.ts';
import { useStudio } from './support/use-studio.ts';

describe.runIf(HAS_CHROMIUM)('what is kept', () => {
  const studio = useStudio();

  const at = [0.5, 0.15] as const;

  async function paint(): Promise<number[]> {
    const ground = await studio.window.pixel(...at);
    await studio.window.drag([0.4, 0.15], [0.6, 0.15]);
    await expect.poll(() => studio.window.pixel(...at)).not.toEqual(ground);
    return studio.window.pixel(...at);
  }

  it('keeps a painting that another one replaces, also what was painted a moment before', async () => {
    const { page } = studio.window;
    const painted = await paint();
    await page.keyboard.press('Control+Alt+n');
    await page.getByRole('button', { name: '512 × 512' }).click();
    await page.getByRole('checkbox', { name: 'White background' }).check();
    await page.getByRole('button', { name: 'Create' }).click();
    await expect.poll(() => studio.window.pixel(0.5, 0.5)).toEqual([255, 255, 255]);
    expect(await studio.window.layers()).toEqual(['Layer 1', 'Background']);
    await page.getByRole('button', { name: 'Back to it' }).click();
    await expect.poll(() => studio.window.pixel(...at)).toEqual(painted);
    await studio.window.drag([0.4, 0.8], [0.6, 0.8]);
    await studio.window.kept();
    await page.getByRole('button', { name: /^New painting/ }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    await studio.command('Unsaved paintings …');
    await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).first().click();
    await expect.poll(() => studio.window.pixel(...at)).toEqual(painted);
  });

  it('saves under another name, and leaves the first file as it is', async () => {
    const { page } = studio.window;
    await paint();
    await page.keyboard.press('Control+s');
    await page.getByText(/Saved to .*Untitled\.underpaint/).waitFor();
    const first = await readFile(join(studio.home, 'projects', 'Untitled.underpaint'));
    await studio.window.drag([0.4, 0.8], [0.6, 0.8]);
    await page.keyboard.press('Control+Shift+S');
    await page.getByRole('dialog').getByRole('textbox').fill('Second');
    await page.keyboard.press('Enter');
    await page.getByText(/Saved to .*Second\.underpaint/).waitFor();
    expect(await readFile(join(studio.home, 'projects', 'Untitled.underpaint'))).toEqual(first);
    expect((await readFile(join(studio.home, 'projects', 'Second.underpaint'))).length).toBeGreaterThan(first.length);
  });

  it('exports every format', async () => {
    const { page } = studio.window;
    await paint();
    for (const format of EXPORT_FORMATS) {
      await page.keyboard.press('Control+Shift+E');
      await page.getByRole('combobox', { name: 'Format' }).selectOption(format);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      const meta = await sharp(await (await download).path()).metadata();
      expect([meta.width, meta.height]).toEqual([1024, 1024]);
      expect(meta.format).toBe(format === 'avif' ? 'heif' : format);
      expect(meta.hasAlpha).toBe(format !== 'jpeg');
    }
  });

  it('finds, stars, files, recalls and deletes pictures', async () => {
    const { page } = studio.window;
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('11');
    await studio.window.generate();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('button', { name: 'Take it back' }).click();
    await studio.window.acceptButton.waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('button', { name: /What to paint/ }).click();
    await page.getByRole('option', { name: 'desert' }).click();
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('22');
    await studio.window.generate();
    await page.getByRole('tab', { name: 'Gallery' }).click();
    const pictures = page.getByRole('list', { name: 'Gallery' }).getByRole('listitem');
    await expect.poll(() => pictures.count()).toBe(2);
    await page.getByRole('searchbox').fill('des');
    await expect.poll(() => pictures.count()).toBe(1);
    await page.getByRole('button', { name: 'Star: desert, seed 22' }).click({ force: true });
    await page.getByRole('button', { name: 'What to do with it: desert, seed 22' }).click({ force: true });
    await page.getByRole('combobox', { name: 'Board' }).last().fill('Dunes');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Starred only' }).click();
    await expect.poll(() => pictures.allInnerTexts()).toEqual([expect.stringContaining('seed 22')]);
    await page.getByRole('button', { name: 'Starred only' }).click();
    await page.getByRole('combobox', { name: 'Board' }).selectOption('Dunes');
    await expect.poll(() => pictures.count()).toBe(1);
    await page.getByRole('combobox', { name: 'Board' }).selectOption('');
    await page.getByRole('button', { name: 'What to do with it: alpine lake, seed 11' }).click({ force: true });
    await page.getByRole('button', { name: 'Use its seed' }).click();
    await expect.poll(() => page.getByRole('spinbutton', { name: 'Seed' }).inputValue()).toBe('11');
    expect(await page.getByRole('button', { name: 'What to paint: desert' }).count()).toBe(1);
    await page.getByRole('button', { name: 'What to do with it: alpine lake, seed 11' }).click({ force: true });
    await page.getByRole('button', { name: 'Delete picture' }).click();
    await page.getByRole('button', { name: 'Really delete its file?' }).click();
    await expect.poll(() => pictures.count()).toBe(1);
  });

  it('changes the order of the queue, and what waits in it', async () => {
    const { page } = studio.window;
    await studio.command('Pause the queue, or go on');
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('100');
    await page.getByRole('spinbutton', { name: 'Pictures' }).fill('3');
    await studio.window.paintButton.click();
    await page.getByRole('tab', { name: /Queue/ }).click();
    const rows = page.getByRole('list', { name: 'Queue' }).getByRole('listitem');
    await expect.poll(() => rows.count()).toBe(3);
    await rows.nth(2).dragTo(rows.nth(0));
    await expect.poll(() => rows.first().innerText()).toContain('102');
    await rows.nth(2).getByRole('button', { name: 'Earlier' }).click();
    await expect.poll(() => rows.nth(1).innerText()).toContain('101');
    await rows.nth(0).getByRole('button', { name: 'Change this picture' }).click();
    await page.getByRole('combobox', { name: 'What to paint' }).selectOption({ label: 'desert' });
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await expect.poll(() => rows.first().innerText()).toContain('desert');
    await rows.nth(2).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Go on', exact: true }).first().click();
    await studio.window.waitFor(() => studio.window.finished.length === 2);
    expect(studio.window.finished.map(({ request }) => request.seed)).toEqual([102, 101]);
    await studio.window.waitFor(() => {
      const last = studio.window.events.findLast((event) => event.type === 'jobs');
      return last?.type === 'jobs' && last.jobs.every(isSettled);
    });
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('Nothing is waiting').waitFor();
    await expect.poll(() => page.getByRole('list', { name: 'Earlier' }).count()).toBe(0);
  });

  it('says what is wrong with a file, and changes nothing', async () => {
    const { page } = studio.window;
    const painted = await paint();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Open …' }).click();
    await (await chooser).setFiles({ name: 'broken.underpaint', mimeType: '', buffer: Buffer.from('PK\x03\x04 no') });
    await page.getByRole('alert').waitFor();
    expect(await studio.window.pixel(...at)).toEqual(painted);
    expect(await studio.window.layers()).toHaveLength(1);
  });
});
