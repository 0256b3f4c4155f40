import { expect, it } from 'vitest';
import { controlLayer } from './control-layer.ts';
import type { Layer } from './document.ts';
import { newDocument, newLayer } from './edits.ts';

const painted = (changes: Partial<Layer>): Layer => ({
  ...newLayer('control', 'map'),
  tiles: { '0,0': 'tile' },
  ...changes,
});
const paintingOf = (...layers: Layer[]) => ({ ...newDocument(64, 64, 'p', 'l'), layers });

it('takes the topmost map that is seen and painted on', () => {
  const [below, above] = [painted({ name: 'below' }), painted({ name: 'above' })];
  expect(controlLayer(paintingOf(below, above), ['depth'])).toEqual({ layer: above, kind: 'depth' });
  expect(controlLayer(paintingOf(below, painted({ visible: false })), ['depth'])?.layer).toBe(below);
  expect(controlLayer(paintingOf(below, painted({ tiles: {} })), ['depth'])?.layer).toBe(below);
  expect(controlLayer(paintingOf(below, painted({ kind: 'paint' })), ['depth'])?.layer).toBe(below);
});

it('goes by the kind that was said', () => {
  const [edges, depth] = [painted({ controlKind: 'canny' }), painted({ controlKind: 'depth' })];
  expect(controlLayer(paintingOf(edges, depth), ['canny', 'segmentation'])).toEqual({ layer: edges, kind: 'canny' });
  expect(controlLayer(paintingOf(edges, depth), ['segmentation', 'depth'])).toEqual({ layer: depth, kind: 'depth' });
  expect(controlLayer(paintingOf(edges), ['depth'])).toBeUndefined();
});

it('finds none for a model that follows no maps', () => {
  expect(controlLayer(paintingOf(painted({})), [])).toBeUndefined();
});
