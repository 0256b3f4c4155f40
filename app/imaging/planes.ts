/**
 * Pictures as planes of numbers and as bytes.
 */
import { StudioError } from '../base/errors.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';

/**
 * Planes (3, H, W) in [−1, 1], clamped, as 8-bit RGB: (x + 1)/2·255 in float32, made whole.
 *
 * @param toWhole VAR's authors truncate, those of FlowAR round
 * @throws not-finite
 */
export function signedUnitToRgb(
  planes: Float32Array,
  width: number,
  height: number,
  toWhole: (value: number) => number = Math.trunc,
): RgbImage {
  const pixels = width * height;
  const data = new Uint8Array(pixels * 3);
  for (let color = 0; color < 3; color++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = planes[color * pixels + pixel] as number;
      if (!Number.isFinite(value)) {
        throw new StudioError('not-finite', 'The decoder gave numbers that are not finite.', {
          hint: 'Try --precision fp32, another provider, or check the checkpoint.',
        });
      }
      const unit = Math.fround(Math.min(1, Math.max(-1, value)) + 1) / 2;
      data[pixel * 3 + color] = toWhole(Math.fround(unit * 255));
    }
  }
  return { width, height, data };
}

/** 8-bit RGB as planes (3, H, W) in [−1, 1]: byte/255·2 − 1 in float32. */
export function rgbToSignedUnit({ width, height, data }: RgbImage): Float32Array {
  const pixels = width * height;
  const planes = new Float32Array(pixels * 3);
  for (let color = 0; color < 3; color++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      planes[color * pixels + pixel] = Math.fround((data[pixel * 3 + color] as number) / 255) * 2 - 1;
    }
  }
  return planes;
}
