/**
 * A batch made, saved, started, stopped and taken up again in a real browser, with the real host and engine.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HAS_CHROMIUM, StudioServer, StudioWindow } from './support/studio-window.ts';
import { useStudio } from './support/use-studio.ts';

const PATIENT = { timeout: 120_000 };

describe.runIf(HAS_CHROMIUM)('a batch', { timeout: 300_000 }, () => {
  const studio = useStudio({ mayComplain: true });

  const dialog = () => studio.page.getByRole('dialog', { name: 'Batch' });
  const field = (name: string) => dialog().getByRole('textbox', { name, exact: true });
  const open = async () => {
    await studio.page.keyboard.press('Control+Shift+B');
    await dialog().waitFor();
  };
  const pictures = async () => (await readdir(join(studio.home, 'pics'))).filter((name) => name.endsWith('.webp'));

  it('is planned, counted, started, stopped, killed, and goes on', async () => {
    await open();
    await field('What to paint').fill('{alpine lake|desert}');
    await field('Seeds').fill('1..3');
    await dialog().getByLabel('Add a setting …').selectOption('cfg');
    await field('Guidance').fill('{1.5|4}');
    await dialog().getByLabel('Add a class …').selectOption('harbour');
    await dialog().getByText('18 pictures.').waitFor(PATIENT);

    await field('Seeds').fill('1..x');
    await expect.poll(() => dialog().getByRole('alert').innerText(), PATIENT).toContain('A seed is a whole number');
    await field('Seeds').fill('1..2');
    await field('Folder').fill(join(studio.home, 'pics'));
    await field('Names').fill('{label}-{cfg}-{seed}');
    await dialog().getByLabel('Format').selectOption('webp');
    await dialog().getByText('12 pictures.').waitFor(PATIENT);

    await dialog().getByRole('button', { name: 'Start' }).click();
    await expect.poll(async () => (await pictures().catch(() => [])).length, PATIENT).toBeGreaterThan(1);
    await dialog().getByRole('button', { name: 'Stop' }).click();
    await dialog()
      .getByText(/^Stopped: \d+ of 12/)
      .waitFor(PATIENT);
    const before = await pictures();
    expect(before.length).toBeLessThan(12);

    await dialog().getByRole('button', { name: 'Go on' }).click();
    await expect.poll(async () => (await pictures()).length, PATIENT).toBeGreaterThan(before.length);
    await studio.server.killAll();
    await studio.window.close();
    studio.server = await StudioServer.start(studio.home);
    studio.window = await StudioWindow.open(studio.browser, studio.server.url);
    await open();
    await dialog()
      .getByText(/^Stopped/)
      .waitFor(PATIENT);
    await dialog().getByRole('button', { name: 'Go on' }).click();
    await dialog().getByText('Done: 12 of 12').waitFor(PATIENT);
    expect(await pictures()).toHaveLength(12);
    expect((await readdir(join(studio.home, 'pics'))).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expect(studio.window.complaints).toEqual([]);
  });

  it('has plans that are saved and opened as files', async () => {
    await open();
    await field('What to paint').fill('{alpine lake|desert}');
    await field('Seeds').fill('1..50');
    const download = studio.page.waitForEvent('download');
    await dialog().getByRole('button', { name: 'Save the plan' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text).toContain('label: "{alpine lake|desert}"');

    const chooser = studio.page.waitForEvent('filechooser');
    await dialog().getByRole('button', { name: 'Open a plan …' }).click();
    const plan = '{"label": "harbour", "seed": [3, 7], "top_k": "100..300 step 100"}\n{"label": "desert"}\n';
    await (await chooser).setFiles({ name: 'plan.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(plan) });
    await dialog().getByText('Pictures 2').waitFor();
    await dialog().getByText('7 pictures.').waitFor(PATIENT);
    expect(await field('Seeds').inputValue()).toBe('{3|7}');
    await dialog().getByRole('button', { name: 'Estimate the time' }).click();
    await dialog()
      .getByText(/About [\d.]+ s and \d+ kB/)
      .waitFor(PATIENT);
  });
});
