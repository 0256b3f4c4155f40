/**
 * Batches for families whose pictures gain nothing from each other.
 */
import type { BatchEvent } from '../app/generation/pipeline-event.ts';
import type { GenerationRequest } from '../app/generation/request.ts';
import type { GenerateOptions, Pipeline } from './pipeline.ts';

/** A `generateBatch` that makes one picture after the other. */
export async function* pictureByPicture(
  pipeline: Pick<Pipeline, 'generate'>,
  requests: readonly GenerationRequest[],
  options: GenerateOptions,
): AsyncGenerator<BatchEvent> {
  for (const [picture, request] of requests.entries()) {
    for await (const event of pipeline.generate(request, options)) yield { picture, event };
  }
}
