/**
 * Editing where the truth is known: pictures of the starter's world, parts of which are painted anew in the authors' way and in
 * ours. `native-models/starter/training/world_pictures.py` makes the pictures, and `judge_areas.py` there judges the classes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import type { EngineOptions } from '../../app/contracts/engine-api.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { authorsSettings } from '../../app/tasks/authors-settings.ts';
import { openStudio } from '../../main/studio.ts';
import { paintTask } from '../../main/tasks/paint-tasks.ts';
import { maskedSeamEnergy } from '../support/masked-seam-energy.ts';
import { psnr } from './report.ts';

const OPTIONS: EngineOptions = { provider: 'cpu', precision: 'fp32', previews: 'linear' };
const SEED = 7;

/** Of a picture's 128 pixels a side. */
const MASKS: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  box: (x, y) => x >= 40 && x < 96 && y >= 40 && y < 96,
  disc: (x, y) => Math.hypot(x - 40, y - 70) < 26,
  half: (x) => x >= 64,
};
const WAYS = {
  'authors, no class': { way: 'authors', withLabel: false },
  'authors, class': { way: 'authors', withLabel: true },
  seamless: { way: 'seamless', withLabel: true },
} as const;

interface Item {
  readonly file: string;
  readonly label: number;
}

const { values } = parseArgs({
  options: {
    pictures: { type: 'string' },
    out: { type: 'string', default: 'areas' },
    count: { type: 'string', default: '8' },
  },
});
if (!values.pictures) throw new Error('Name the folder of world_pictures.py with --pictures.');
mkdirSync(values.out, { recursive: true });
const items = (JSON.parse(readFileSync(join(values.pictures, 'items.json'), 'utf8')) as Item[]).slice(
  0,
  Number(values.count),
);
const studio = openStudio();
const model = await studio.models.find(undefined);
const description = await studio.describe(model, OPTIONS);
const results: object[] = [];
for (const [name, covers] of Object.entries(MASKS)) {
  for (const [way, plan] of Object.entries(WAYS)) await measure(name, covers, way, plan);
}
writeFileSync(join(values.out, 'results.json'), JSON.stringify(results));
await studio.dispose();

async function measure(
  name: string,
  covers: (x: number, y: number) => boolean,
  title: string,
  { way, withLabel }: (typeof WAYS)[keyof typeof WAYS],
): Promise<void> {
  const rows: { kept: number; painted: number; seam: number; own: number }[] = [];
  for (const { file, label } of items) {
    const image = await read(join(values.pictures as string, file));
    const { width, height } = image;
    const cover = maskOf(width, height, covers);
    const plan = { frame: { width, height }, way, keepSteps: 0, detail: null };
    const settings = way === 'authors' ? authorsSettings(description) : {};
    const request = { model: model.folder, label: withLabel ? label : null, seed: SEED, settings };
    const { image: done } = await paintTask(studio, { request, area: { area: { image, cover }, plan } }, OPTIONS);
    const path = `${title.replace(/\W+/g, '-')}-${name}-${file}`;
    await write(join(values.out, path), done);
    results.push({ path, label, way: title, mask: name });
    const outside = (value: number) => value === 0;
    rows.push({
      kept: psnr(part(image, cover, outside), part(done, cover, outside)),
      painted: psnr(
        part(image, cover, (value) => !outside(value)),
        part(done, cover, (value) => !outside(value)),
      ),
      seam: maskedSeamEnergy(done, cover),
      own: maskedSeamEnergy(image, cover),
    });
  }
  const mean = (key: 'kept' | 'painted' | 'seam' | 'own') => rows.reduce((sum, row) => sum + row[key], 0) / rows.length;
  const [kept, painted, seam, own] = (['kept', 'painted', 'seam', 'own'] as const).map((key) => mean(key).toFixed(2));
  console.log(
    `${name.padEnd(6)}${title.padEnd(20)} kept ${kept} dB, painted ${painted} dB, seam ${seam} (the truth: ${own})`,
  );
}

function maskOf(width: number, height: number, covers: (x: number, y: number) => boolean): Mask {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    covers(((i % width) * 128) / width, (Math.floor(i / width) * 128) / height) ? 255 : 0,
  );
  return { width, height, data };
}

/** The bytes of the pixels whose cover is wanted. */
function part({ data }: RgbImage, cover: Mask, wanted: (value: number) => boolean): Uint8Array {
  return data.filter((_, i) => wanted(cover.data[Math.floor(i / 3)] as number));
}

async function read(path: string): Promise<RgbImage> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

async function write(path: string, { width, height, data }: RgbImage): Promise<void> {
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}
