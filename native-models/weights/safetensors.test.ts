import { describe, expect, it } from 'vitest';
import type { ByteSource } from './byte-source.ts';
import { readSafetensorsIndex } from './safetensors.ts';

const DATA_BYTES = 8;
const TENSOR = '{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';

/** A file of that header and eight bytes of data. */
function file(header: string): ByteSource {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + DATA_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return { name: 'x', size: bytes.length, read: async (offset, length) => bytes.slice(offset, offset + length) };
}

const refusal = (header: string) => readSafetensorsIndex(file(header)).catch((error: unknown) => error);

describe('a safetensors header', () => {
  it('may have metadata, any order of fields and quotes in names', async () => {
    const name = 'a "b" {:,[ \\\\';
    const header = `{"__metadata__":{"format":"pt"},${JSON.stringify(name)}:${TENSOR}}`;
    const { entries } = await readSafetensorsIndex(file(header));
    expect(entries.get(name)).toMatchObject({ type: 'f32', shape: [2], strides: [1], offset: 8 + header.length });
  });

  it.each([
    ['names a tensor twice', `{"a":${TENSOR},"a":${TENSOR}}`],
    ['names a tensor twice', `{"a":${TENSOR},"\\u0061":${TENSOR}}`],
    ['nested too deeply', `{"a":${'['.repeat(1e6)}`],
    ['too many parts', `{"a":[${'{},'.repeat(1e6)}{}]}`],
    ['too many parts', `{"a":[${'1,'.repeat(2e6)}1]}`],
    ['unknown type', `{"a":{"dtype":{"toString":1},"shape":[2],"data_offsets":[0,8]}}`],
    ['unknown type', `{"a":{"shape":[2],"data_offsets":[0,8]}}`],
    ['size that is not its shape’s', '{"a":{"dtype":"F32","shape":[9007199254740991,0.5e1],"data_offsets":[0,8]}}'],
    ['makes no sense', '{"a":{"dtype":"F32","shape":[1e999],"data_offsets":[0,8]}}'],
    ['size that is not its shape’s', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}'],
    ['belong to no tensor', '{}'],
    ['not JSON', '{"a":'],
    ['not JSON', '[]'],
  ])('is refused when it is wrong: %s', async (reason, header) => {
    expect(await refusal(header)).toMatchObject({
      code: 'corrupt-checkpoint',
      message: expect.stringContaining(reason),
    });
  });

  it('cannot steer the terminal that shows the error', async () => {
    const name = `\u001b[2J\u202e${'x'.repeat(1000)}`;
    const { message } = (await refusal(JSON.stringify({ [name]: { dtype: '\u001b' } }))) as Error;
    expect(message).not.toMatch(/\p{C}/u);
    expect(message.length).toBeLessThan(300);
  });
});
