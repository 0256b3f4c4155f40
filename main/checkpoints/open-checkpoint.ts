/**
 * Opens a checkpoint of any supported container: tensors by name, none of their data. Contents decide, not the extension.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ByteSource } from '../../native-models/weights/byte-source.ts';
import { looksLikeSafetensors, readSafetensorsIndex } from '../../native-models/weights/safetensors.ts';
import type { TensorIndex } from '../../native-models/weights/tensor-entry.ts';
import { readTorchIndex } from '../../native-models/weights/torch-checkpoint.ts';
import { looksLikeZip } from '../../native-models/weights/zip-directory.ts';
import { withFileSource } from './file-source.ts';

export interface Checkpoint extends TensorIndex {
  readonly container: 'safetensors' | 'torch-zip';
  /** Where in the file the weights were, such as `model_ema`; empty when at the top. */
  readonly root: string;
}

const HEAD_BYTES = 512;

/** Throws `missing-file`, `not-a-model` or `corrupt-checkpoint`. */
export function openCheckpoint(path: string): Promise<Checkpoint> {
  return withFileSource(path, async (source) => {
    const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
    if (looksLikeZip(head)) return { ...(await readTorchIndex(source)), container: 'torch-zip' };
    if (looksLikeSafetensors(head, source.size)) {
      return { ...(await readSafetensorsIndex(source)), container: 'safetensors', root: '' };
    }
    throw unknownContainer(source, head);
  });
}

/** Says what the file is instead, for the usual mistakes. */
function unknownContainer({ name, size }: ByteSource, head: Uint8Array): StudioError {
  const text = new TextDecoder('latin1').decode(head).trimStart().toLowerCase();
  const error = (what: string, hint: string) => new StudioError('not-a-model', `${name} ${what}.`, { hint });
  if (size === 0) return error('is empty', 'The download failed: download it again.');
  if (text.startsWith('version https://git-lfs')) {
    return error('is a Git LFS pointer, not the checkpoint', 'Run `git lfs pull`, or download the file from its page.');
  }
  if (text.startsWith('<!doctype') || text.startsWith('<html')) {
    return error('is a web page, not the checkpoint', 'The download needs a login or another address.');
  }
  if (head[0] === 0x80) {
    return error(
      'is a checkpoint of a PyTorch older than 1.6, which is not supported',
      'Load it with PyTorch and save it again: torch.save(torch.load("in.pth"), "out.pth").',
    );
  }
  return error(
    'is neither a safetensors file nor a PyTorch checkpoint',
    'Underpaint reads .safetensors, .pth, .pt and .ckpt.',
  );
}
