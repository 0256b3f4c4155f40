/**
 * Painting a part of the picture in the studio: filling, going on beyond its edges, variations.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { HAS_CHROMIUM } from './support/studio-window.ts';
import { useStudio } from './support/use-studio.ts';

/** Tokens of the starter's first five scales: 1 + 4 + 9 + 16 + 25. */
const TOKENS_TO_SCALE_4 = 55;

describe.runIf(HAS_CHROMIUM)('parts of pictures', () => {
  const studio = useStudio();

  beforeEach(async () => {
    await studio.window.generate();
    await studio.window.acceptButton.click();
  }, 60_000);

  /** Runs a command by its button, waits for its picture and takes it over. */
  async function takeOver(command: string): Promise<void> {
    const before = studio.window.finished.length;
    await studio.page.getByRole('button', { name: command }).click();
    await studio.window.waitFor(() => studio.window.finished.length > before);
    await studio.window.acceptButton.click();
    expect(await studio.window.layers()).toHaveLength(3);
  }

  it('fills what is selected, and leaves the rest to the bit', async () => {
    const [inside, outside] = [
      [0.48, 0.5],
      [0.55, 0.58],
    ] as const;
    const before = [await studio.window.pixel(...inside), await studio.window.pixel(...outside)];
    await studio.page.keyboard.press('m');
    await studio.window.drag([0.44, 0.4], [0.53, 0.56]);
    await takeOver('Fill the selection or mask');
    expect(studio.window.finished.at(-1)?.request).toMatchObject({ label: null });
    expect(await studio.window.pixel(...outside)).toEqual(before[1]);
    expect(await studio.window.pixel(...inside)).not.toEqual(before[0]);
    expect(studio.window.complaints).toEqual([]);
  });

  it('goes on where the frame is over empty canvas', async () => {
    const [old, empty] = [
      [0.56, 0.5],
      [0.68, 0.5],
    ] as const;
    const before = await studio.window.pixel(...old);
    const nothing = await studio.window.pixel(...empty);
    await studio.page.keyboard.press('f');
    await studio.window.drag([0.5, 0.5], [0.6, 0.5]);
    await takeOver('Expand the picture');
    expect(await studio.window.pixel(...old)).toEqual(before);
    expect(await studio.window.pixel(...empty)).not.toEqual(nothing);
  });

  it('says what it needs, and varies what is under the frame', async () => {
    await studio.page.getByRole('button', { name: 'Fill the selection or mask' }).click();
    await studio.page.getByText('Select something in the frame').waitFor();
    await studio.page.getByRole('button', { name: 'Expand the picture' }).click();
    await studio.page.getByText('Nothing in the frame is empty').waitFor();
    await studio.page.getByRole('button', { name: 'Vary the picture' }).click();
    await studio.window.waitFor(() => studio.window.finished.length === 2);
    await studio.page.getByRole('button', { name: 'Vary the picture' }).click();
    await studio.window.waitFor(() => studio.window.finished.length === 3);
    const [, first, second] = studio.window.finished;
    expect(second?.tokens.subarray(0, TOKENS_TO_SCALE_4)).toEqual(first?.tokens.subarray(0, TOKENS_TO_SCALE_4));
    expect(second?.tokens).not.toEqual(first?.tokens);
  });
});
