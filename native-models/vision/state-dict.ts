/**
 * Every key that DINOv2's graph uses.
 */
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { detectDinov2Config } from './config.ts';

/** Keys with their shapes; none when the tensors are not those of such an encoder. */
export function dinov2Tensors(index: TensorIndex, prefix: string): Map<string, readonly number[]> {
  const config = detectDinov2Config(index, prefix);
  const shapes = new Map<string, readonly number[]>();
  if (!config) return shapes;
  const { width: C, layers, patch, positions } = config;
  const set = (key: string, ...shape: number[]) => shapes.set(prefix + key, shape);
  const linear = (key: string, outputs: number, inputs: number) => {
    set(`${key}.weight`, outputs, inputs);
    set(`${key}.bias`, outputs);
  };
  const norm = (key: string) => {
    set(`${key}.weight`, C);
    set(`${key}.bias`, C);
  };
  set('embeddings.cls_token', 1, 1, C);
  set('embeddings.position_embeddings', 1, positions ** 2 + 1, C);
  set('embeddings.patch_embeddings.projection.weight', C, 3, patch, patch);
  set('embeddings.patch_embeddings.projection.bias', C);
  for (let layer = 0; layer < layers; layer++) {
    const at = `encoder.layer.${layer}`;
    for (const name of ['query', 'key', 'value']) linear(`${at}.attention.attention.${name}`, C, C);
    linear(`${at}.attention.output.dense`, C, C);
    linear(`${at}.mlp.fc1`, 4 * C, C);
    linear(`${at}.mlp.fc2`, C, 4 * C);
    for (const n of [1, 2]) {
      norm(`${at}.norm${n}`);
      set(`${at}.layer_scale${n}.lambda1`, C);
    }
  }
  norm('layernorm');
  return shapes;
}
