/**
 * Pipelines of files that can be traced and make no pictures by themselves, such as a tokenizer without its transformer.
 */
import type { StudioError } from '../app/base/errors.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * @param missing what stands in the way of pictures; thrown by everything else than `does`
 * @param does sessions are made and put away within its calls
 */
export function traceOnly(missing: () => StudioError, does: Pick<Pipeline, 'fitPreview' | 'trace'>): Pipeline {
  const refuse = (): never => {
    throw missing();
  };
  const refuseLater = async (): Promise<never> => refuse();
  return {
    describe: refuse,
    generate: refuse,
    generateBatch: refuse,
    decode: refuseLater,
    encode: refuseLater,
    alternatives: refuseLater,
    fitPreview: does.fitPreview,
    trace: does.trace,
    async dispose() {},
  };
}
