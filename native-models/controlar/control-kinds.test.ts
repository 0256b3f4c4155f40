import { expect, it } from 'vitest';
import { controlKinds, controlResizing } from './control-kinds.ts';

it.each([
  ['/m/canny_MR.safetensors', ['canny']],
  ['C:\\canny\\depth_MR.safetensors', ['depth']],
  ['/canny/hed.safetensors', ['softedge']],
  ['seg_cocostuff.safetensors', ['segmentation']],
  ['edge_base.safetensors', ['canny', 'softedge', 'lineart']],
  ['depth_base.safetensors', ['depth']],
  ['my-model.safetensors', ['canny', 'softedge', 'lineart', 'depth', 'segmentation']],
])('%s follows %j', (file, kinds) => {
  expect(controlKinds(file)).toEqual(kinds);
});

it.each([
  ['canny', 384, 'nearest'],
  ['segmentation', 384, 'nearest'],
  ['canny', 768, 'bicubic'],
  ['depth', 384, 'bicubic'],
  ['softedge', 384, 'bicubic'],
] as const)('a %s map for %i channels is resized %s', (kind, channels, mode) => {
  expect(controlResizing(kind, channels)).toBe(mode);
});
