/**
 * Canny edges against those of OpenCV 5.0 (`cv2.Canny` of the colour picture), to the pixel.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { cannyEdges } from '../../app/imaging/edges.ts';

const FOLDER = fileURLToPath(new URL('./canny/', import.meta.url));
const CASES = readdirSync(FOLDER).flatMap((file) => {
  const [, name, low, high] = /^(\w+)-(\d+)-(\d+)\.png$/.exec(file) ?? [];
  return name ? [{ name, file, low: Number(low), high: Number(high) }] : [];
});

it.each(CASES)('$file', async ({ name, file, low, high }) => {
  const { data, info } = await sharp(`${FOLDER}${name}.png`).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const expected = await sharp(`${FOLDER}${file}`).toColorspace('b-w').raw().toBuffer();
  const found = cannyEdges({ width: info.width, height: info.height, data }, { low, high, blur: 0 });
  const differing = found.data.reduce((sum, value, i) => sum + (value === expected[i] ? 0 : 1), 0);
  expect(expected).toHaveLength(found.data.length);
  expect(differing).toBe(0);
});

it('has cases', () => expect(CASES.length).toBeGreaterThan(5));
