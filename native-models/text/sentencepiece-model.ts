/**
 * Reads `spiece.model`, the vocabulary of a SentencePiece unigram model, as `tokenizer.json` would say it.
 * Source: google/sentencepiece `src/sentencepiece_model.proto`; how T5 splits words: transformers `convert_slow_tokenizer.py`.
 */
import { corrupt } from '../weights/corrupt.ts';

/** ModelProto.pieces, SentencePiece.piece and .score; TrainerSpec.model_type and .unk_id; NormalizerSpec.precompiled_charsmap. */
const FIELDS = { pieces: 1, trainer: 2, normalizer: 3, piece: 1, score: 2, modelType: 3, unknown: 40, charsmap: 2 };
const UNIGRAM = 1;
const SPACE = '▁';
const END = '</s>';

/** The contents of a `tokenizer.json` that does what T5 does with this vocabulary. Throws `corrupt-checkpoint`. */
export function readSentencePiece(file: string, bytes: Uint8Array): object {
  const model = readMessage(file, bytes);
  const vocabulary = all(model, FIELDS.pieces).map((piece) => {
    const fields = readMessage(file, piece as Uint8Array);
    const text = new TextDecoder().decode(last(fields, FIELDS.piece) as Uint8Array | undefined);
    return [text, Number(last(fields, FIELDS.score) ?? 0)] as const;
  });
  const trainer = readMessage(file, bytesOf(last(model, FIELDS.trainer)));
  const end = vocabulary.findIndex(([piece]) => piece === END);
  if (Number(last(trainer, FIELDS.modelType) ?? UNIGRAM) !== UNIGRAM || end < 0) {
    throw corrupt(file, 'it is not the unigram vocabulary of a T5 encoder', 'Use the file that came with the encoder.');
  }
  const normalizer = readMessage(file, bytesOf(last(model, FIELDS.normalizer)));
  const charsmap = base64(bytesOf(last(normalizer, FIELDS.charsmap)));
  return tokenizerJson(vocabulary, Number(last(trainer, FIELDS.unknown) ?? 0), charsmap);
}

function tokenizerJson(vocabulary: readonly (readonly [string, number])[], unknown: number, charsmap: string): object {
  const end = vocabulary.findIndex(([piece]) => piece === END);
  const metaspace = { type: 'Metaspace', replacement: SPACE, prepend_scheme: 'always', split: true };
  return {
    version: '1.0',
    added_tokens: [],
    normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: END, type_id: 0 } }],
      pair: [],
      special_tokens: { [END]: { id: END, ids: [end], tokens: [END] } },
    },
    decoder: metaspace,
    model: { type: 'Unigram', unk_id: unknown, vocab: vocabulary, byte_fallback: false },
  };
}

type FieldValue = number | Uint8Array;
type Message = readonly { readonly field: number; readonly value: FieldValue }[];

function all(message: Message, field: number): FieldValue[] {
  return message.filter((entry) => entry.field === field).map(({ value }) => value);
}

function last(message: Message, field: number): FieldValue | undefined {
  return all(message, field).at(-1);
}

function bytesOf(value: FieldValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

/** The fields of a protocol buffer. */
function readMessage(file: string, bytes: Uint8Array): Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const message: { field: number; value: FieldValue }[] = [];
  let at = 0;
  const take = (length: number): number => {
    const start = at;
    at += length;
    if (!(length >= 0 && at <= bytes.length)) throw corrupt(file, 'it ends in the middle of a field');
    return start;
  };
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[take(1)] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw corrupt(file, 'it holds a number without an end');
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, wire] = [Math.floor(key / 8), key % 8];
    if (wire === 0) message.push({ field, value: varint() });
    else if (wire === 1) message.push({ field, value: view.getFloat64(take(8), true) });
    else if (wire === 5) message.push({ field, value: view.getFloat32(take(4), true) });
    else if (wire === 2) {
      const length = varint();
      message.push({ field, value: bytes.subarray(take(length), at) });
    } else throw corrupt(file, 'it is not a SentencePiece model');
  }
  return message;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
