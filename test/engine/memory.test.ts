/**
 * The estimate of a model's memory against what the engine really takes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import { openCheckpoint } from '../../main/checkpoints/open-checkpoint.ts';
import { detectVarConfig, patchNums, type VarConfig } from '../../native-models/var/config.ts';
import { memoryNeed } from '../../native-models/var/memory.ts';
import { detectVqConfig, type VqConfig } from '../../native-models/vq/config.ts';
import { scalePyramid } from '../../native-models/vq/scales.ts';
import { startEngine } from '../bench/engine.ts';
import { writeRandomTokenizer, writeRandomTransformer } from '../bench/random-checkpoints.ts';

const TIMEOUT_MS = 300_000;
const DEPTH = 12;
const CHANNELS = 96;
/** The estimate is for what is safe: it may be a third above the truth, and hardly below it. */
const [LEAST, MOST] = [0.85, 1.35];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-memory-'));
  process.env.UNDERPAINT_HOME = folder;
});

afterAll(async () => {
  delete process.env.UNDERPAINT_HOME;
  await rm(folder, { recursive: true, force: true });
});

it(
  'is near to the measured peak',
  async () => {
    const [transformer, tokenizer] = [join(folder, 'var.pth'), join(folder, 'vae.pth')];
    writeRandomTransformer(transformer, DEPTH);
    writeRandomTokenizer(tokenizer, CHANNELS);
    const preview = new Array<number>(33 * 3).fill(0.01);
    const source: ModelSource = { id: 'm', files: [transformer, tokenizer], labels: [], defaults: {}, preview };
    const engine = startEngine(source, { precision: 'fp32', previews: 'linear' }, {});
    const { peakRssBytes } = await engine.run(1).finally(() => engine.stop());
    const config = detectVarConfig(await openCheckpoint(transformer)) as VarConfig;
    const vqConfig = detectVqConfig(await openCheckpoint(tokenizer)) as VqConfig;
    const shapes = { config, tokenizer: vqConfig, pyramid: scalePyramid(patchNums(config, [])) };
    const { fixed, perPicture } = memoryNeed(shapes, 'fp32');
    const ratio = (fixed + perPicture) / peakRssBytes;
    console.log(
      `estimated ${((fixed + perPicture) / 1e6).toFixed(0)} MB, measured ${(peakRssBytes / 1e6).toFixed(0)} MB`,
    );
    expect(ratio).toBeGreaterThan(LEAST);
    expect(ratio).toBeLessThan(MOST);
  },
  TIMEOUT_MS,
);
