/**
 * Infinity's tokenizer without a transformer: it can be traced, and makes no pictures.
 */
import { StudioError } from '../../app/base/errors.ts';
import { sameGrid, type TokenGrid } from '../autoencoder/token-grid.ts';
import type { NamedArray, Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { checkForced, type Forced, forcedIntegers } from '../trace/forced-tensors.ts';
import { checkRunKeys, type Run } from '../trace/run-values.ts';
import { traceOnly } from '../trace-only.ts';
import { type BsqWeights, TOKEN_PIXELS } from './config.ts';
import { fitPreview } from './preview.ts';
import { Quantizer } from './quantizer.ts';
import { type Schedule, scheduleOf, shapeOf } from './schedules.ts';
import { Tokenizer } from './tokenizer.ts';
import { TRACE_NAMES, traceBsq } from './trace.ts';

export function bsqPipeline(weights: BsqWeights, runtime: Runtime): Pipeline {
  return traceOnly(transformerMissing, {
    fitPreview: () => fitPreview(weights, runtime),
    trace: (run, forced) => trace(weights, runtime, run, forced),
  });
}

async function trace(
  weights: BsqWeights,
  runtime: Runtime,
  run: Run,
  forced: Forced,
): Promise<Map<string, NamedArray>> {
  checkForced(forced, TRACE_NAMES);
  checkRunKeys(run, ['schedule']);
  const [, height = 0, width = 0] = forced.get('input_u8')?.shape ?? [];
  const grid = { rows: height / TOKEN_PIXELS, columns: width / TOKEN_PIXELS };
  const schedule = run.schedule === undefined ? trainedSchedule(grid) : givenSchedule(run.schedule);
  const bytes = forcedIntegers(forced, 'input_u8', 3 * height * width);
  if (!bytes || !schedule || !sameGrid(schedule.at(-1), grid)) throw pictureMissing();
  const tokenizer = new Tokenizer(weights, runtime);
  try {
    return await traceBsq(tokenizer, new Quantizer(weights.config, schedule), bytes, forced);
  } finally {
    await tokenizer.dispose();
  }
}

/** That of pictures of the size, where there are any. */
function trainedSchedule(grid: TokenGrid): Schedule | undefined {
  const shape = shapeOf(grid.rows, grid.columns);
  const last = shape.scales.findIndex((scale) => sameGrid(scale, grid));
  return last < 0 ? undefined : scheduleOf(shape, last + 1);
}

function givenSchedule(value: unknown): Schedule {
  const sizes = Array.isArray(value) ? value : [];
  const valid = sizes.every(
    (size) => Array.isArray(size) && size.length === 2 && size.every((side) => Number.isInteger(side) && side > 0),
  );
  if (sizes.length > 0 && valid) return sizes.map(([rows, columns]) => ({ rows, columns }));
  throw new StudioError('bad-request', 'schedule of the run must be a list of [rows, columns], coarse to fine.');
}

function pictureMissing(): StudioError {
  return new StudioError(
    'bad-request',
    'A tokenizer’s trace needs a picture of a size that Infinity paints: force `input_u8`, (3, 256, 256).',
    {
      hint: 'Other sizes, in multiples of 16, need a `schedule` in the run: [[1, 1], [2, 2], …] up to the picture’s tokens.',
    },
  );
}

function transformerMissing(): StudioError {
  return new StudioError('missing-file', 'This is a tokenizer alone; pictures also need a transformer.', {
    hint: 'Import it together with the transformer and the text encoder of Infinity or VAREdit.',
  });
}
