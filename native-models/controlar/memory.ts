/**
 * What a LlamaGen or ControlAR model takes of memory, told from the tensors that it uses: of a text encoder's file, whose decoder
 * stays where it is, only the encoder.
 */
import { type ModelMemory, memoryOfFiles, totalNeed } from '../memory.ts';
import { t5Tensors } from '../text/state-dict.ts';
import { elementCount, type TensorIndex } from '../weights/tensor-entry.ts';
import type { ControlarModel } from './model.ts';

/** Keys and values of the guided pair are in float32. */
const GUIDANCE_ROWS = 2;

export function memoryOfControlar({ transformer, tokenizer, textEncoder, grid }: ControlarModel): ModelMemory {
  const model = memoryOfFiles(bytesOf(transformer.index) + bytesOf(tokenizer.index));
  const { layers, width } = transformer.config;
  const cache = 4 * 2 * layers * width * GUIDANCE_ROWS * grid ** 2;
  // It reads the prompt in float32, whatever the precision.
  const words = textEncoder ? floatBytes(t5Tensors(textEncoder.index, textEncoder.config).values()) : 0;
  return {
    need: (precision) => ({ fixed: totalNeed(model.need(precision)) + words, perPicture: cache }),
    smaller: () => undefined,
  };
}

function bytesOf({ entries }: TensorIndex): number {
  return floatBytes([...entries.values()].map(({ shape }) => shape));
}

function floatBytes(shapes: Iterable<readonly number[]>): number {
  let count = 0;
  for (const shape of shapes) count += elementCount(shape);
  return 4 * count;
}
