/**
 * A pipeline without a model; for tests of what surrounds pipelines.
 */
import type { PipelineEvent, RgbImage } from '../../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../../../app/generation/request.ts';
import { pictureByPicture } from '../../../native-models/picture-by-picture.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../../../native-models/pipeline.ts';

const STEPS = 3;

export class FakePipeline implements Pipeline {
  readonly title: string;
  disposed = false;
  /** Steps that generate has begun, over all runs. */
  steps = 0;

  constructor(title: string) {
    this.title = title;
  }

  describe(): ModelDescription {
    return {
      family: 'fake',
      title: this.title,
      width: 1,
      height: 1,
      labels: [],
      classes: 0,
      words: false,
      controls: [],
      tokensPerStep: [1, 1, 1],
      symbolsPerToken: 1,
      vocabulary: 256,
      capabilities: [],
      settings: [],
    };
  }

  async *generate({ seed }: GenerationRequest, _options: GenerateOptions): AsyncGenerator<PipelineEvent> {
    for (let step = 0; step < STEPS; step++) {
      this.steps++;
      const tokens = Int32Array.of(seed + step);
      yield {
        type: 'step',
        step,
        steps: STEPS,
        progress: (step + 1) / STEPS,
        preview: onePixel(step),
        tokens,
        entropy: new Float32Array(0),
      };
    }
    yield { type: 'image', image: onePixel(seed), tokens: Int32Array.of(seed, seed + 1, seed + 2) };
  }

  generateBatch(requests: readonly GenerationRequest[], options: GenerateOptions) {
    return pictureByPicture(this, requests, options);
  }

  async decode(tokens: Int32Array) {
    return onePixel(tokens[0] ?? 0);
  }

  async encode({ data }: RgbImage) {
    return Int32Array.of(data[0] ?? 0);
  }

  async alternatives() {
    return [];
  }

  async fitPreview() {
    return [1, 2, 3];
  }

  async trace(run: Readonly<Record<string, unknown>>, forced: ReadonlyMap<string, NamedArray>) {
    const label = Number(run.label);
    return new Map([...forced, ['label', { type: 'f32', shape: [1], data: Float32Array.of(label) } as NamedArray]]);
  }

  async dispose() {
    this.disposed = true;
  }
}

function onePixel(value: number) {
  return { width: 1, height: 1, data: new Uint8Array(3).fill(value) };
}
