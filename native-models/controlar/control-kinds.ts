/**
 * What the published ControlAR checkpoints were trained on, which their tensors do not tell but their names do.
 * Source: hustvl/ControlAR README and `autoregressive/sample/sample_t2i.py` (commit 87e32e9).
 */
import { type ControlKind, MAP_KINDS, type MapKind } from '../../app/generation/request.ts';
import type { PlaneResizing } from '../layers/resize-planes.ts';

const NAMES: readonly (readonly [RegExp, readonly MapKind[]])[] = [
  [/edge_base/i, ['canny', 'softedge', 'lineart']],
  [/canny/i, ['canny']],
  [/depth/i, ['depth']],
  [/hed/i, ['softedge']],
  [/lineart/i, ['lineart']],
  [/seg/i, ['segmentation']],
];
/** Channels of DINOv2-base: models with it have seen smoothly resized maps only. */
const BASE_CHANNELS = 768;

/** Kinds of maps that a checkpoint follows, told from its file's name; all of them when the name says nothing. */
export function controlKinds(file: string): readonly MapKind[] {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const edges = NAMES[0]!;
  if (edges[0].test(name)) return edges[1];
  const found = NAMES.slice(1).flatMap(([pattern, kinds]) => (pattern.test(name) ? kinds : []));
  return found.length > 0 ? found : MAP_KINDS;
}

/** How a map of a kind is brought to the encoder's size. */
export function controlResizing(kind: ControlKind, channels: number): PlaneResizing {
  const sharp = kind === 'canny' || kind === 'segmentation';
  return sharp && channels !== BASE_CHANNELS ? 'nearest' : 'bicubic';
}
