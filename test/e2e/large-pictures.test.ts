/**
 * Frames that one picture of the model does not fill: they are painted tile by tile.
 */
import { describe, expect, it } from 'vitest';
import { HAS_CHROMIUM, StudioServer, StudioWindow } from './support/studio-window.ts';
import { useStudio } from './support/use-studio.ts';

const PATIENT = { timeout: 400_000 };
/** Several tiles take several times as long as one picture. */
const FINISHED = { timeout: 150_000 };
/** Of the starter's pictures. */
const TOKENS = 347;

describe.runIf(HAS_CHROMIUM)('large pictures', PATIENT, () => {
  const studio = useStudio({ mayComplain: true });

  const jobs = () => {
    const last = studio.window.events.findLast((event) => event.type === 'jobs');
    return last?.type === 'jobs' ? last.jobs : [];
  };

  async function frame(width: number, height: number): Promise<void> {
    await studio.page.getByRole('button', { name: 'Generation frame' }).click();
    await studio.page.getByRole('spinbutton', { name: 'Width' }).fill(String(width));
    await studio.page.getByRole('spinbutton', { name: 'Height' }).fill(String(height));
  }

  const finished = (count: number) => expect.poll(() => studio.window.finished.length, FINISHED).toBe(count);

  async function generate(): Promise<void> {
    await studio.window.paintButton.click();
    await finished(1);
    await studio.window.acceptButton.waitFor();
  }

  it('come up in the frame tile by tile, and become a layer', async () => {
    await frame(768, 512);
    await generate();
    const [picture] = studio.window.finished;
    expect(picture?.image).toMatchObject({ width: 768, height: 512 });
    const tiles = picture?.previews.length ?? 0;
    expect(tiles).toBeGreaterThan(1);
    expect(picture?.tokens.length).toBe(tiles * TOKENS);
    const film = studio.page.getByRole('listbox', { name: 'Tiles of the picture' }).getByRole('option');
    expect(await film.count()).toBe(tiles + 1);
    const steps = studio.window.events.flatMap((event) => (event.type === 'frame' ? [event.frame.step] : []));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    const ground = await studio.window.pixel(0.5, 0.02);
    await studio.window.acceptButton.click();
    expect(await studio.window.layers()).toHaveLength(2);
    expect(await studio.window.pixel(0.4, 0.5)).not.toEqual(ground);
    expect(await studio.window.pixel(0.72, 0.5)).not.toEqual(ground);
    expect(studio.window.complaints).toEqual([]);
  });

  it('go on in several tiles from what is there, which stays to the bit', async () => {
    await generate();
    await studio.window.acceptButton.click();
    await frame(1024, 512);
    const [middle, left, right] = [
      [0.5, 0.5],
      [0.3, 0.5],
      [0.7, 0.5],
    ] as const;
    const kept = await studio.window.pixel(...middle);
    const empty = [await studio.window.pixel(...left), await studio.window.pixel(...right)];
    await studio.page.getByRole('button', { name: 'Expand the picture' }).click();
    await finished(2);
    expect(studio.window.finished[1]?.previews.length).toBeGreaterThan(1);
    await studio.window.acceptButton.click();
    expect(await studio.window.pixel(...middle)).toEqual(kept);
    expect(await studio.window.pixel(...left)).not.toEqual(empty[0]);
    expect(await studio.window.pixel(...right)).not.toEqual(empty[1]);
  });

  it('go on after a crash with the tiles that are done, to the same picture', async () => {
    await studio.page.getByRole('spinbutton', { name: 'Seed' }).fill('77');
    await frame(768, 512);
    await generate();
    const [whole] = studio.window.finished;
    await studio.window.paintButton.click();
    await expect.poll(() => jobs().some(({ state, step }) => state === 'running' && step > 0), FINISHED).toBe(true);
    await studio.server.killAll();
    await studio.window.close();
    studio.server = await StudioServer.start(studio.home);
    studio.window = await StudioWindow.open(studio.browser, studio.server.url);
    await studio.page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click();
    await studio.page.getByRole('tab', { name: /Queue/ }).click();
    await studio.page.getByRole('listitem').getByRole('button', { name: 'Go on' }).first().click();
    await finished(1);
    const first = studio.window.events.filter((event) => event.type === 'frame' && event.frame.step === 0);
    expect(first).toHaveLength(1);
    const [picture] = studio.window.finished;
    expect(picture?.tokens).toEqual(whole?.tokens);
    expect(picture?.image).toEqual(whole?.image);
  });

  it('are cancelled at once', async () => {
    await frame(1024, 512);
    await studio.window.paintButton.click();
    await studio.window.waitFor(() => studio.window.events.some(({ type }) => type === 'frame'));
    await studio.page.getByRole('button', { name: 'Stop', exact: true }).click();
    await studio.window.waitFor(() => jobs().every(({ state }) => state === 'cancelled'));
    expect(studio.window.finished).toEqual([]);
    await studio.page.getByText('Pictures that you paint wait here').waitFor();
  });
});
