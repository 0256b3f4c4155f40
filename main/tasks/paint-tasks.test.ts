import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { ControlMap } from '../../app/generation/request.ts';
import { plannedFrames } from '../../app/tasks/paint-area.ts';
import { readRecordedControl } from '../jobs/control-maps.ts';
import { unpackTokens } from '../jobs/packed-tokens.ts';
import { openStudio } from '../studio.ts';
import { paintTask } from './paint-tasks.ts';

const golden = (path: string) => fileURLToPath(new URL(`../../test/golden/${path}`, import.meta.url));
/** Follows depth maps; pictures have 128×128 pixels and 64 tokens. */
const FILES = ['controlar-square/depth.safetensors', 'vq16/checkpoint.pt', 't5/text-encoder.safetensors'].map(golden);
const TOKENS = 64;

it('gives each frame of an area its part of the control map, and keeps the whole', async () => {
  const home = await mkdtemp(join(tmpdir(), 'underpaint-tasks-'));
  const studio = openStudio({ home });
  onTestFinished(async () => {
    await studio.dispose();
    await rm(home, { recursive: true });
  });
  await studio.importModel({ files: FILES, id: 'depth' });
  const [width, height] = [256, 128];
  const area = {
    area: {
      image: { width, height, data: new Uint8Array(width * height * 3) },
      cover: { width, height, data: new Uint8Array(width * height).fill(255) },
    },
    plan: { frame: { width: 128, height: 128 }, way: 'seamless', keepSteps: 0, detail: null },
  } as const;
  const [first] = plannedFrames(area.area, area.plan);
  const paint = async (control: ControlMap) => {
    const request = { model: 'depth', label: null, prompt: 'a house', seed: 3, settings: { cfg: 1 }, control };
    const { record } = await paintTask(studio, { request, area }, { provider: 'cpu' });
    const recorded = record.request.control && (await readRecordedControl(record.request.control));
    return { tokens: unpackTokens(record.tokens), recorded };
  };
  /** Bright beyond the first frame alone. */
  const map = (level: number): ControlMap => {
    const right = (first?.seen.x ?? 0) + 128;
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) =>
      Math.floor(i / 3) % width >= right ? level : 90,
    );
    return { kind: 'depth', image: { width, height, data } };
  };
  const [dark, bright] = [await paint(map(0)), await paint(map(255))];
  expect(bright.recorded).toEqual(map(255));
  expect(bright.tokens.length).toBeGreaterThan(TOKENS);
  expect(bright.tokens.slice(0, TOKENS)).toEqual(dark.tokens.slice(0, TOKENS));
  expect(bright.tokens.slice(TOKENS)).not.toEqual(dark.tokens.slice(TOKENS));
});
