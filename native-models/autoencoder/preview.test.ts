import { expect, it } from 'vitest';
import { paintPreview } from './preview.ts';

/** Two channels: red is the first, green the second plus a half, blue constant. */
const MAP = [1, 0, 0, 0, 1, 0, 0, 0.5, 0.2];

it('maps each latent pixel to a colour', () => {
  const latent = Float32Array.of(0, 0.2, 0.4, 1, -0.5, 0, 0.1, 0.5);
  const image = paintPreview(MAP, latent, 2);
  expect(image).toEqual({
    width: 2,
    height: 2,
    data: Uint8Array.of(0, 0, 51, 51, 128, 51, 102, 153, 51, 255, 255, 51),
  });
});

it('clamps what is beyond black and white', () => {
  const latent = Float32Array.of(-3, 7);
  expect(paintPreview(MAP, latent, 1).data).toEqual(Uint8Array.of(0, 255, 51));
});
