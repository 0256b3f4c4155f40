/**
 * Solvers of FlowAR's flow: how far their pictures are from the same pictures in 200 calls of Heun’s, and how many calls of the flow head
 * they take for it.
 *
 *     npm run bench:solvers -- MODEL_FOLDER [--seeds 4] [--json FILE]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { GenerationRequest, Settings } from '../../app/generation/request.ts';
import { openModelFolder } from '../../main/checkpoints/model-folder.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { scaleTimes } from '../../native-models/flowar/schedule.ts';
import { symbolsToLatent } from '../../native-models/latents/latent-tokens.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import { callTimes, SOLVERS, type Solver } from '../../native-models/sampling/ode.ts';

const STEPS = [8, 12, 16, 20, 25, 36, 50];
const REFERENCE: Settings = { solver: 'heun', steps: 200, annealed: false };

interface Line {
  readonly solver: Solver;
  readonly steps: number;
  readonly annealed: boolean;
  /** Of the flow head, weighed by the tokens of the scale: 1 is a call of the last scale. */
  readonly calls: number;
  /** Root mean square of the difference of the last latent, over that of the latent. */
  readonly distance: number;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seeds: { type: 'string', default: '4' }, json: { type: 'string' } },
  });
  const { source } = await openModelFolder(positionals[0] as string);
  const pipeline = await loadModel({ source, provider: 'cpu', precision: 'fp32' });
  const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);
  const truths: Float32Array[] = [];
  for (const seed of seeds) truths.push(await lastLatent(pipeline, seed, REFERENCE));
  const lines: Line[] = [];
  for (const annealed of [false, true]) {
    for (const solver of SOLVERS) {
      for (const steps of STEPS) {
        let distance = 0;
        for (const seed of seeds) {
          const latent = await lastLatent(pipeline, seed, { solver, steps, annealed });
          distance += relativeDistance(latent, truths[seed] as Float32Array) / seeds.length;
        }
        const line = { solver, steps, annealed, calls: callsOf(pipeline, { solver, steps, annealed }), distance };
        lines.push(line);
        const words = [solver, annealed ? 'annealed' : 'even', `${steps} steps`, `${line.calls.toFixed(1)} calls`];
        console.log(`${words.join(', ').padEnd(44)} ${(100 * distance).toFixed(2)} %`);
      }
    }
  }
  if (values.json) writeFileSync(values.json, JSON.stringify(lines, null, 1));
  await pipeline.dispose();
}

/** Without the image. */
async function lastLatent(pipeline: Pipeline, seed: number, settings: Settings): Promise<Float32Array> {
  const { classes, tokensPerStep } = pipeline.describe();
  const request: GenerationRequest = { model: '', label: (seed * 7) % classes, seed, settings };
  const { signal } = new AbortController();
  for await (const event of pipeline.generate(request, { signal, previews: 'linear' })) {
    if (event.type === 'step' && event.step === tokensPerStep.length - 1) return symbolsToLatent(event.tokens);
  }
  throw new Error('The model painted nothing.');
}

function relativeDistance(a: Float32Array, b: Float32Array): number {
  const difference = a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0);
  return Math.sqrt(difference / b.reduce((sum, value) => sum + value * value, 0));
}

function callsOf(pipeline: Pipeline, settings: { solver: Solver; steps: number; annealed: boolean }): number {
  const { tokensPerStep } = pipeline.describe();
  const calls = scaleTimes(tokensPerStep.length, settings).map((times) => callTimes(times, settings.solver).length);
  const last = tokensPerStep.at(-1) as number;
  return calls.reduce((sum, count, scale) => sum + (count * (tokensPerStep[scale] as number)) / last, 0);
}

await main();
