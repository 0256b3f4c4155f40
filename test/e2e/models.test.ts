/**
 * From nothing to a working model without leaving the window: the real host and engine, and a hub on loopback.
 */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, HostileServer, sha256Of } from '../../main/downloads/testing/hostile-server.ts';
import { serveHub } from '../../main/downloads/testing/hub-double.ts';
import { HAS_CHROMIUM } from './support/studio-window.ts';
import { useStudio } from './support/use-studio.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));
const TRANSFORMER = new Uint8Array(readFileSync(join(GOLDEN, 'var256/checkpoint.pth')));
const TOKENIZER = new Uint8Array(readFileSync(join(GOLDEN, 'shared/vae_ch32v320z32.pth')));
const FILES = { 'var_d16.pth': TRANSFORMER, 'vae_ch160v4096z32.pth': TOKENIZER };
/** Folder for pictures of the window; none are made without it. */
const SHOTS = process.env.UNDERPAINT_SHOTS;

describe.runIf(HAS_CHROMIUM)('the model manager', () => {
  let hub: HostileServer;
  let dialog: Locator;

  beforeAll(async () => {
    hub = await HostileServer.start();
    serveHub(hub, { repo: 'FoundationVision/var', files: FILES });
    process.env.HF_ENDPOINT = hub.origin;
  });

  afterAll(async () => {
    await hub.close();
    delete process.env.HF_ENDPOINT;
  });

  const studio = useStudio({ shared: true, patience: 240_000 });

  beforeAll(() => {
    dialog = studio.page.getByRole('dialog', { name: 'Models' });
  });

  const tab = (name: string) => dialog.getByRole('tab', { name }).click();
  const shoot = async (name: string) => {
    if (SHOTS) await studio.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  };
  const open = async () => {
    await studio.page.keyboard.press('Escape');
    await studio.page.getByRole('button', { name: 'Models …' }).click();
    await dialog.waitFor();
  };

  it('shows what could be had, in plain words', async () => {
    await open();
    await shoot('installed');
    await tab('Get more');
    const first = dialog.getByRole('list', { name: 'Get more' }).getByRole('listitem').first();
    await first.getByText('VAR-d16').waitFor();
    expect(await first.innerText()).toMatch(/Photographs.*256×256.*310 M parameters/s);
    await expect.poll(() => first.innerText(), { timeout: 30_000 }).toMatch(/1\.7 GB to download.*of memory/);
    expect(await first.getByRole('link', { name: 'MIT' }).getAttribute('href')).toContain('FoundationVision');
    await shoot('available');
  });

  it('pauses a download, goes on, and paints with the model', { timeout: 300_000 }, async () => {
    const path = `/cdn/${sha256Of(TRANSFORMER)}`;
    hub.on(path, bytesOf(TRANSFORMER, { pace: { ms: 60, bytes: 100_000 } }));
    await dialog.getByRole('button', { name: 'Install VAR-d16' }).click();
    const running = dialog.getByRole('region', { name: 'On their way' });
    await running.getByText('downloading').waitFor();
    await expect.poll(() => running.innerText()).toMatch(/MB of .* MB · .*\/s/);
    await shoot('downloading');
    await running.getByRole('button', { name: 'Pause: VAR-d16' }).click();
    await running.getByText('paused').waitFor();
    hub.on(path, bytesOf(TRANSFORMER));
    await running.getByRole('button', { name: 'Go on: VAR-d16' }).click();
    await studio.page.getByText('is ready: choose it and paint').waitFor({ timeout: 60_000 });
    await running.waitFor({ state: 'hidden' });
    expect(hub.requests.filter((request) => request.path === path && request.range !== '')).not.toEqual([]);

    await tab('Yours');
    await dialog.getByRole('button', { name: /^Use: VAR-d16/ }).click();
    await dialog.getByRole('img', { name: /A picture by VAR-d16/ }).waitFor();
    await shoot('yours');
    await studio.page.keyboard.press('Escape');
    await studio.window.generate();
    expect(studio.window.finished.at(-1)?.request.model).toBe('var_d16');
  });

  it('shows details, and keeps defaults', async () => {
    await open();
    await dialog.getByRole('button', { name: /^Details: VAR-d16/ }).click();
    const guidance = dialog.getByRole('region', { name: 'What it starts with' }).getByRole('slider').first();
    await guidance.focus();
    await studio.page.keyboard.press('ArrowRight');
    await dialog.getByRole('button', { name: /^Reset to default/ }).waitFor();
    await dialog.getByRole('button', { name: 'Check the files' }).click();
    await expect.poll(() => dialog.getByText('as it should be').count()).toBe(2);
    await shoot('details');
  });

  it('makes smaller weights, and changes between them', { timeout: 400_000 }, async () => {
    const weights = dialog.getByRole('list', { name: 'Weights' });
    const used = weights.locator('[aria-current=true]');
    const picked = studio.page.locator('header select option:checked');
    expect(await used.innerText()).toContain('Exact');
    await weights.getByRole('button', { name: 'Make and use: 8 bits' }).click();
    await expect.poll(() => used.innerText(), { timeout: 300_000 }).toContain('8 bits');
    await expect.poll(() => picked.innerText()).toContain('8 bits');
    await shoot('weights');
    await weights.getByRole('button', { name: 'Use: Exact' }).click();
    await expect.poll(() => used.innerText()).toContain('Exact');
    await expect.poll(() => picked.innerText()).not.toContain('8 bits');
    await weights.getByRole('button', { name: 'Use: 8 bits' }).waitFor();
  });

  it('says what dropped and written files are, what is missing, and adds them where they lie', async () => {
    const folder = join(studio.home, 'mine');
    mkdirSync(folder);
    copyFileSync(join(GOLDEN, 'var256/checkpoint.pth'), join(folder, 'dogs.pth'));
    await tab('Add files');
    await dialog.getByRole('textbox', { name: 'Full path' }).fill('/work/nowhere.pth');
    await dialog.getByRole('button', { name: 'Look' }).click();
    await studio.page.getByText('There is nothing at /work/nowhere.pth').waitFor();
    await dialog.getByRole('textbox', { name: 'Full path' }).fill(folder);
    await studio.page.keyboard.press('Enter');
    await dialog.getByText('Together: VAR-d2').or(dialog.getByText('Together: VAR transformer')).waitFor();
    await shoot('found');
    await dialog.getByRole('button', { name: 'Add this model' }).click();
    await dialog.getByText(/It works: \d+ of 10 steps/).waitFor({ timeout: 60_000 });
    await tab('Yours');
    const count = () => dialog.getByRole('list', { name: 'Yours' }).getByRole('listitem').count();
    const details = dialog.getByRole('button', { name: /^Details: .*VAR-d2/ });
    await details.waitFor();
    const before = await count();
    await details.click();
    await dialog.getByText('yours, used where it lies').first().waitFor();
    await dialog.getByRole('button', { name: 'Remove this model …' }).click();
    await dialog.getByRole('button', { name: 'Really remove' }).click();
    await expect.poll(count).toBe(before - 1);
    expect(readFileSync(join(folder, 'dogs.pth')).length).toBe(TRANSFORMER.length);
  });

  it('asks for consent before files without a licence, or of an unknown one', async () => {
    await tab('Get more');
    const unlicensed = dialog.getByRole('button', { name: 'Install xAR-B' });
    expect(await unlicensed.isDisabled()).toBe(true);
    await dialog.getByRole('group', { name: 'Licence: xAR-B' }).getByRole('checkbox').check();
    expect(await unlicensed.isEnabled()).toBe(true);
    const address = hub.on('/x/y.pth', bytesOf(new TextEncoder().encode('nothing')));
    await dialog.getByRole('textbox', { name: 'From another address' }).fill(address);
    const go = dialog.getByRole('button', { name: 'Install', exact: true });
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByText('Underpaint does not know the licence').waitFor();
    const consent = dialog.getByRole('group', { name: 'Licence: From another address' });
    await consent.getByRole('checkbox', { name: 'I have read this' }).check();
    await go.click();
    const running = dialog.getByRole('region', { name: 'On their way' });
    await running.getByRole('alert').waitFor();
    expect(await running.getByRole('alert').innerText()).toContain(
      'neither a safetensors file nor a PyTorch checkpoint',
    );
    await shoot('refused');
    await running.getByRole('button', { name: /^Cancel and delete/ }).click();
    await running.waitFor({ state: 'hidden' });
  });

  it('keeps order: leftovers, memory', async () => {
    await tab('Settings');
    await dialog.getByRole('button', { name: 'Look for leftovers' }).click();
    await dialog.getByText(/checkpoint.*y\.pth/).waitFor();
    await dialog.getByRole('button', { name: /^Delete 1/ }).click();
    await dialog.getByText('There are none.').waitFor();
    await shoot('settings');
  });

  it.each(['light', 'dark'] as const)('has no serious fault for axe in the %s theme', async (theme) => {
    await studio.page.evaluate((dark) => document.documentElement.classList.toggle('dark', dark), theme === 'dark');
    for (const name of ['Yours', 'Get more', 'Add files', 'Settings']) {
      await tab(name);
      await shoot(`${theme}-${name}`);
      await studio.page.evaluate(AXE);
      const found = await studio.page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
        };
        const { violations } = await axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect([name, found]).toEqual([name, []]);
    }
  });

  it('is worked by keyboard alone', async () => {
    await tab('Yours');
    await dialog.getByRole('tab', { name: 'Yours' }).focus();
    await studio.page.keyboard.press('ArrowRight');
    await dialog.getByRole('tab', { name: 'Get more', selected: true }).waitFor();
    await studio.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await studio.page.locator('#canvas').focus();
    await studio.page.keyboard.press('Shift+M');
    await dialog.waitFor();
    expect(studio.window.complaints).toEqual([]);
  });
});
