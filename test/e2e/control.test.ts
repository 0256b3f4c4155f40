/**
 * Painting over a control map from words, in a real browser with the real host and engine.
 */
import { execFileSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../../app/generation/request.ts';
import {
  HAS_CHROMIUM,
  launchBrowser,
  makeHome,
  removeHome,
  StudioServer,
  StudioWindow,
} from './support/studio-window.ts';

const COMMAND = fileURLToPath(new URL('../../main/cli/bin.mjs', import.meta.url));
const golden = (path: string) => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
/** Small random weights that follow depth maps; pictures have 128×128 pixels in 8 rows of tokens. */
const FILES = ['controlar-square/depth.safetensors', 'vq16/checkpoint.pt', 't5/text-encoder.safetensors'].map(golden);
const SIDE = 128;
const ROWS = 8;
const PROMPT = 'ein Haus am See 🏠 湖';

describe.runIf(HAS_CHROMIUM)('painting over a control map', () => {
  let browser: Browser;
  let imported: string;
  let home: string;
  let server: StudioServer;
  let window: StudioWindow;

  beforeAll(async () => {
    browser = await launchBrowser();
    imported = await makeHome();
    const env = { ...process.env, UNDERPAINT_HOME: imported };
    execFileSync(process.execPath, [COMMAND, 'models', 'import', ...FILES, '--id', 'depth'], { env });
  });

  afterAll(async () => {
    await browser.close();
    await removeHome(imported);
  });

  beforeEach(async () => {
    home = await makeHome();
    await cp(imported, home, { recursive: true });
    server = await StudioServer.start(home);
    window = await StudioWindow.open(browser, server.url);
    await chooseModel('depth');
  });

  afterEach(async () => {
    await window.close();
    await server.stop();
    await removeHome(home);
  });

  const button = (name: string | RegExp) => window.page.getByRole('button', { name });
  const prompt = () => window.page.getByRole('textbox', { name: 'Prompt' });

  async function chooseModel(id: string): Promise<void> {
    await window.page.getByRole('combobox', { name: 'Model' }).selectOption(id);
    await prompt().waitFor();
  }

  async function drawMap(...points: (readonly [number, number])[]): Promise<void> {
    await button('Add a layer: Control map').click();
    await window.drag(...points);
  }

  const lastRequest = () => window.finished.at(-1)?.request as GenerationRequest;
  const isPainted = ({ control }: GenerationRequest) => control?.image.data.some((value) => value > 0) ?? false;

  it('follows a map that was drawn, from words; the picture brings both back', async () => {
    await prompt().fill(PROMPT);
    await drawMap([0.42, 0.4], [0.58, 0.5], [0.44, 0.6]);
    await window.generate();
    const steps = window.events.flatMap((event) => (event.type === 'frame' ? [event.frame.step] : []));
    expect(steps).toEqual(Array.from({ length: ROWS }, (_, row) => row));
    const { control, ...asked } = lastRequest();
    expect(asked).toMatchObject({ model: 'depth', label: null, prompt: PROMPT });
    expect(control).toMatchObject({ kind: 'depth', image: { width: SIDE, height: SIDE } });
    expect(isPainted(lastRequest())).toBe(true);
    await window.acceptButton.click();
    await expect.poll(() => window.layers()).toHaveLength(3);
    expect((await window.layers())[0]).toContain(PROMPT);

    await window.page.keyboard.press('Control+s');
    await window.page.getByText(/^Saved to/).waitFor();

    // In a new painting, by another prompt and without a map.
    await window.page.keyboard.press('Control+Alt+n');
    await window.page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await expect.poll(() => window.layers()).toHaveLength(1);
    await prompt().fill('something else');
    await window.page.getByRole('tab', { name: 'Gallery' }).click();
    await window.page.getByRole('searchbox').fill('Haus');
    await button(/^What to do with it: .*Haus/).click();
    await button('Use its settings').click();
    await expect.poll(() => prompt().inputValue()).toBe(PROMPT);
    await window.page.getByRole('tab', { name: 'Layers' }).click();
    await expect.poll(() => window.layers()).toHaveLength(2);
    await window.generate();
    // The picture's file tells all settings, defaults too.
    expect(lastRequest()).toMatchObject({ ...asked, control, settings: { control_strength: 1 } });
    expect(window.finished.at(-1)?.tokens).toEqual(window.finished.at(-2)?.tokens);
    expect(window.complaints).toEqual([]);
  });

  it('asks for a map where there is none, and makes one of the picture', async () => {
    await prompt().fill('a house');
    await window.drag([0.45, 0.5], [0.55, 0.5]);
    await window.paintButton.click();
    await button('Make one').click();
    await expect.poll(() => window.layers()).toHaveLength(2);
    await window.generate();
    expect(isPainted(lastRequest())).toBe(true);
    expect(window.finished).toHaveLength(1);
  });

  it('paints again while the map changes, also during a stroke', async () => {
    await prompt().fill('a house');
    await drawMap([0.42, 0.45], [0.58, 0.45]);
    await window.page.getByRole('button', { name: 'Live', exact: true }).click();
    await window.waitFor(() => window.finished.length === 1);
    const first = lastRequest();
    await window.drag([0.42, 0.55], [0.58, 0.55]);
    await window.waitFor(() => window.finished.length >= 2 && isOther(lastRequest(), first));
    await prompt().fill('a tree');
    await window.waitFor(() => lastRequest().prompt === 'a tree');
    // What is hidden says nothing.
    const before = window.finished.length;
    await button(/^Hide layer: Layer 1/).click();
    await window.page.waitForTimeout(1000);
    expect(window.finished).toHaveLength(before);
  });
});

function isOther({ control }: GenerationRequest, then: GenerationRequest): boolean {
  return control?.image.data.some((value, i) => value !== then.control?.image.data[i]) ?? false;
}
