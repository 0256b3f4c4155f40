/**
 * Finds the state dict in what a checkpoint holds.
 */
import { StudioError } from '../../app/base/errors.ts';
import { isKind, type PickleDict, type PickleTensor, type PickleValue } from './pickle-values.ts';

/**
 * Where training scripts put their weights, best first: averaged weights before the last ones, except where the authors read others.
 * Sources: the loaders of Infinity's tokenizer (`vae`), MAR (`model_ema`), LlamaGen and ARFlow (`ema`), Distilled Decoding and FlexVAR
 * (`trainer`), and PyTorch's own habits.
 */
const ROOTS: readonly (readonly string[])[] = [
  ['trainer', 'ema_parameters'],
  ['trainer', 'var_wo_ddp'],
  ['trainer', 'vae_local'],
  ['vae'],
  ['model_ema'],
  ['ema'],
  ['model'],
  ['module'],
  ['state_dict'],
  [],
];

/** Prefixes that wrappers put before every key, in any order: `torch.compile` and `DistributedDataParallel`. */
const WRAPPERS = ['_orig_mod.', 'module.'];
const MAX_WRAPPERS = 4;

export interface StateDict {
  readonly tensors: ReadonlyMap<string, PickleTensor>;
  /** The keys that lead to it, joined by dots; empty at the top. */
  readonly root: string;
}

/** Throws `not-a-model` when there is none. */
export function findStateDict(file: string, value: PickleValue): StateDict {
  for (const path of ROOTS) {
    const dict = path.reduce<PickleValue | undefined>(
      (at, key) => (isKind(at, 'dict') ? at.items.get(key) : undefined),
      value,
    );
    const tensors = isKind(dict, 'dict') ? tensorsOf(dict) : new Map<string, PickleTensor>();
    if (tensors.size > 0) return { tensors: unwrapped(tensors), root: path.join('.') };
  }
  throw new StudioError('not-a-model', `${file} holds no weights that Underpaint can find.`, {
    hint: 'It may be a training state or another kind of file. Look for the checkpoint that the authors publish for inference.',
  });
}

function tensorsOf(dict: PickleDict): Map<string, PickleTensor> {
  const tensors = new Map<string, PickleTensor>();
  for (const [key, value] of dict.items) if (isKind(value, 'tensor')) tensors.set(key, value);
  return tensors;
}

function unwrapped(tensors: ReadonlyMap<string, PickleTensor>): ReadonlyMap<string, PickleTensor> {
  let result = tensors;
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const keys = [...result.keys()];
    const prefix = WRAPPERS.find((wrapper) => keys.every((key) => key.startsWith(wrapper) && key !== wrapper));
    if (!prefix) break;
    result = new Map([...result].map(([key, tensor]) => [key.slice(prefix.length), tensor]));
  }
  return result;
}
