/**
 * Infinity's tokenizer on the engine's runtime: sizes that change, 8-bit weights, the preview.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { psnr } from '../../app/imaging/psnr.ts';
import { openCheckpoint } from '../../main/checkpoints/open-checkpoint.ts';
import { createOrtRuntime } from '../../main/engine/ort/ort-runtime.ts';
import type { TokenGrid } from '../../native-models/autoencoder/token-grid.ts';
import { type BsqWeights, bitsPerToken } from '../../native-models/bsq/config.ts';
import { bsqFamily, bsqWeights } from '../../native-models/bsq/family.ts';
import { fitPreview } from '../../native-models/bsq/preview.ts';
import { Quantizer } from '../../native-models/bsq/quantizer.ts';
import { Tokenizer } from '../../native-models/bsq/tokenizer.ts';
import { TorchRandom } from '../../native-models/sampling/torch-random.ts';

const CASES = ['bsq-d16', 'bsq-d14-patchify'];
const runtime = createOrtRuntime({ provider: 'cpu', precision: 'fp32' });
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'underpaint-bsq-'));
  process.env.UNDERPAINT_HOME = home;
});

afterAll(async () => {
  delete process.env.UNDERPAINT_HOME;
  await rm(home, { recursive: true, force: true });
});

it('keeps up with pictures of changing size', async () => {
  const weights = await open('bsq-d14-patchify');
  const tokenizer = new Tokenizer(weights, runtime);
  const [wide, tall] = [
    { rows: 2, columns: 4 },
    { rows: 3, columns: 1 },
  ];
  const first = await tokenizer.paint(latentOf(weights, wide), wide);
  expect(first).toMatchObject({ width: 64, height: 32 });
  expect(await tokenizer.paint(latentOf(weights, tall), tall)).toMatchObject({ width: 16, height: 48 });
  expect(await tokenizer.paint(latentOf(weights, wide), wide)).toEqual(first);
  await tokenizer.dispose();
});

it.each(CASES)('paints nearly the same picture with the 8-bit decoder of %s', async (name) => {
  const weights = await open(name);
  const grid = { rows: 4, columns: 6 };
  const latent = latentOf(weights, grid);
  const [exact, quantized] = await Promise.all(
    (['fp32', 'int8'] as const).map(async (precision) => {
      const tokenizer = new Tokenizer(weights, createOrtRuntime({ provider: 'cpu', precision }));
      const image = await tokenizer.paint(latent, grid);
      await tokenizer.dispose();
      return image;
    }),
  );
  expect(psnr(exact!, quantized!)).toBeGreaterThan(30);
  expect(quantized).not.toEqual(exact);
});

it.each(CASES)('fits a preview of %s, the same every time', async (name) => {
  const weights = await open(name);
  const map = await fitPreview(weights, runtime);
  expect(map).toHaveLength((weights.config.latentChannels + 1) * 3);
  expect(map.every(Number.isFinite)).toBe(true);
  expect(new Set(map).size).toBe(map.length);
  expect(await fitPreview(weights, runtime)).toEqual(map);
});

async function open(name: string): Promise<BsqWeights> {
  const index = await openCheckpoint(fileURLToPath(new URL(`../golden/${name}/checkpoint.pth`, import.meta.url)));
  return bsqWeights(bsqFamily.identify(index)!);
}

/** f_hat of random bits. */
function latentOf({ config }: BsqWeights, grid: TokenGrid): Float32Array {
  const quantizer = new Quantizer(config, [{ rows: 1, columns: 1 }, { rows: 2, columns: 2 }, grid]);
  const count = (quantizer.offsets.at(-1) as number) * bitsPerToken(config);
  return quantizer.latents(Int32Array.from(new TorchRandom(5).rand(count), Math.round)).at(-1) as Float32Array;
}
