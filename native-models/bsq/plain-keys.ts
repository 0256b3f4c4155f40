/**
 * The two spellings of the tokenizer's keys. The authors' modules wrap each convolution and each norm in one of their own, which puts
 * `.conv` or `.norm` behind the layer's name; their loader takes files with and without it.
 * Source: FoundationVision/Infinity `infinity/models/bsq_vae/vae.py`, `load_cnn` (commit 4c27bbb).
 */
import type { TensorEntry, TensorIndex } from '../weights/tensor-entry.ts';

const WRAPPED_CONVOLUTION =
  /(\.(?:conv_in|conv_out|conv1|conv2|nin_shortcut|downsample\.conv|upsample\.conv))\.conv(\.weight|\.bias)$/;
const WRAPPED_NORM = /(\.(?:norm1|norm2|norm_out))\.norm(\.weight|\.bias)$/;

/** The checkpoint with every key in the shorter spelling, as other autoencoders have it. Of a layer in both, the longer one stays. */
export function plainKeys(index: TensorIndex): TensorIndex {
  const entries = new Map<string, TensorEntry>();
  for (const entry of index.entries.values()) {
    const plain = entry.name.replace(WRAPPED_CONVOLUTION, '$1$2').replace(WRAPPED_NORM, '$1$2');
    const name = plain !== entry.name && index.entries.has(plain) ? entry.name : plain;
    entries.set(name, { ...entry, name });
  }
  return { file: index.file, entries };
}
