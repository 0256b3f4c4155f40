import { expect, it } from 'vitest';
import { recordControl } from '../jobs/control-maps.ts';
import { encodePng } from '../jobs/png.ts';
import { SAMPLE_RECORD } from '../jobs/testing/sample-record.ts';
import { readImage } from './images.ts';

it('reads how a picture was made, its words and its control map too', async () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(9, 8, 7, 6, 5, 4) };
  const map = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i * 10) };
  const control = { kind: 'segmentation', image: map } as const;
  const { request, ...rest } = SAMPLE_RECORD;
  const asked = { ...request, label: null, labelName: null, prompt: '湖 by a 🏠' };
  const record = { ...rest, request: { ...asked, control: await recordControl(control) } };
  const { making } = await readImage(await encodePng(image, record));
  expect(making?.request).toMatchObject({ label: null, prompt: asked.prompt, seed: request.seed, control });
});
