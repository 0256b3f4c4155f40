/**
 * Painting a part of the picture in the studio: filling, going on beyond its edges, variations.
 */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  HAS_CHROMIUM,
  launchBrowser,
  makeHome,
  removeHome,
  StudioServer,
  StudioWindow,
} from './support/studio-window.ts';

/** Tokens of the starter's first five scales: 1 + 4 + 9 + 16 + 25. */
const TOKENS_TO_SCALE_4 = 55;

describe.runIf(HAS_CHROMIUM)('parts of pictures', () => {
  let browser: Browser;
  let home: string;
  let server: StudioServer;
  let window: StudioWindow;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    home = await makeHome();
    server = await StudioServer.start(home);
    window = await StudioWindow.open(browser, server.url);
    await window.generate();
    await window.acceptButton.click();
  }, 60_000);

  afterEach(async () => {
    await window.close();
    await server.stop();
    await removeHome(home);
  });

  /** Runs a command by its button, waits for its picture and takes it over. */
  async function takeOver(command: string): Promise<void> {
    const before = window.finished.length;
    await window.page.getByRole('button', { name: command }).click();
    await window.waitFor(() => window.finished.length > before);
    await window.acceptButton.click();
    expect(await window.layers()).toHaveLength(3);
  }

  it('fills what is selected, and leaves the rest to the bit', async () => {
    const [inside, outside] = [
      [0.48, 0.5],
      [0.55, 0.58],
    ] as const;
    const before = [await window.pixel(...inside), await window.pixel(...outside)];
    await window.page.keyboard.press('m');
    await window.drag([0.44, 0.4], [0.53, 0.56]);
    await takeOver('Fill the selection or mask');
    expect(window.finished.at(-1)?.request).toMatchObject({ label: null });
    expect(await window.pixel(...outside)).toEqual(before[1]);
    expect(await window.pixel(...inside)).not.toEqual(before[0]);
    expect(window.complaints).toEqual([]);
  });

  it('goes on where the frame is over empty canvas', async () => {
    const [old, empty] = [
      [0.56, 0.5],
      [0.68, 0.5],
    ] as const;
    const before = await window.pixel(...old);
    const nothing = await window.pixel(...empty);
    await window.page.keyboard.press('f');
    await window.drag([0.5, 0.5], [0.6, 0.5]);
    await takeOver('Expand the picture');
    expect(await window.pixel(...old)).toEqual(before);
    expect(await window.pixel(...empty)).not.toEqual(nothing);
  });

  it('says what it needs, and varies what is under the frame', async () => {
    await window.page.getByRole('button', { name: 'Fill the selection or mask' }).click();
    await window.page.getByText('Select something in the frame').waitFor();
    await window.page.getByRole('button', { name: 'Expand the picture' }).click();
    await window.page.getByText('Nothing in the frame is empty').waitFor();
    await window.page.getByRole('button', { name: 'Vary the picture' }).click();
    await window.waitFor(() => window.finished.length === 2);
    await window.page.getByRole('button', { name: 'Vary the picture' }).click();
    await window.waitFor(() => window.finished.length === 3);
    const [, first, second] = window.finished;
    expect(second?.tokens.subarray(0, TOKENS_TO_SCALE_4)).toEqual(first?.tokens.subarray(0, TOKENS_TO_SCALE_4));
    expect(second?.tokens).not.toEqual(first?.tokens);
  });
});
