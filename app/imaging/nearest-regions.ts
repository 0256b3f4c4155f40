/**
 * Segmentation maps in the colours that a model knows: brushes have soft edges, regions have none.
 */
import type { MapRegion } from '../generation/request.ts';
import type { RgbaImage } from './rgba.ts';

type Color = readonly [number, number, number];

/**
 * Each pixel in the colour of the nearest region; those that are more than half transparent in that of the first.
 *
 * @param regions one or more
 */
export function nearestRegions({ width, height, data }: RgbaImage, regions: readonly MapRegion[]): RgbaImage {
  const colors = regions.map(({ color }) => colorOf(color));
  const found = new Map<number, Color>();
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
    const key = data[i + 3]! < 128 ? -1 : (r << 16) | (g << 8) | b;
    const color = found.get(key) ?? (key < 0 ? (colors[0] as Color) : nearest([r, g, b], colors));
    found.set(key, color);
    result.set(color, i);
    result[i + 3] = 255;
  }
  return { width, height, data: result };
}

function colorOf(hex: string): Color {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function nearest(color: Color, regions: readonly Color[]): Color {
  const distance = (other: Color) => color.reduce((sum, value, i) => sum + (value - other[i]!) ** 2, 0);
  return regions.reduce((one, other) => (distance(other) < distance(one) ? other : one));
}
