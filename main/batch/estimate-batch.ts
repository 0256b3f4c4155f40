/**
 * How long a batch will take on this machine, and how large it will be: from a few of its pictures, made and thrown away.
 */

import { generatePictures } from '../generate-pictures.ts';
import { encodePicture } from '../jobs/picture-file.ts';
import type { Picture } from '../jobs/write-picture.ts';
import { completeRequest } from './control-of-picture.ts';
import { type BatchPicture, groupByModel, type PreparedBatch } from './prepare-batch.ts';
import type { AssembleTeam } from './share-machine.ts';

export interface BatchEstimate {
  /** Pictures that it is for. */
  readonly count: number;
  /** Milliseconds for all of them, loading included. */
  readonly ms: number;
  /** Bytes that they take. */
  readonly bytes: number;
}

/** How long the measurement of a model should take, once it is loaded, and how many pictures it needs at most. */
const MEASURE_MS = 3000;
const MAX_PICTURES = 8;

/** @param pictures those that are to be made */
export async function estimateBatch(
  batch: PreparedBatch,
  pictures: readonly BatchPicture[],
  assembleTeam: AssembleTeam,
  signal: AbortSignal,
): Promise<BatchEstimate> {
  let [ms, bytes] = [0, 0];
  for (const group of groupByModel(pictures)) {
    const measured = await measureModel(batch, group, assembleTeam, signal);
    ms += measured.loadMs + measured.pictureMs * group.length;
    bytes += measured.pictureBytes * group.length;
  }
  return { count: pictures.length, ms: Math.round(ms), bytes: Math.round(bytes) };
}

interface Measured {
  readonly loadMs: number;
  /** Milliseconds and bytes of a picture. */
  readonly pictureMs: number;
  readonly pictureBytes: number;
}

async function measureModel(
  batch: PreparedBatch,
  pictures: readonly [BatchPicture, ...BatchPicture[]],
  assembleTeam: AssembleTeam,
  signal: AbortSignal,
): Promise<Measured> {
  const [first] = pictures;
  const { engines, model } = await assembleTeam(first.model, pictures.length);
  const made: Picture[] = [];
  /** Every engine makes so many at the same time. */
  const make = async (count: number) => {
    const start = performance.now();
    const requests = await Promise.all(
      Array.from({ length: count }, (_, at) => completeRequest(pictures[at % pictures.length] ?? first)),
    );
    const onPicture = (_: number, picture: Picture) => void made.push(picture);
    const calls = engines.map((engine) => generatePictures(engine, model, requests, { onPicture, signal }));
    await Promise.all(calls);
    return performance.now() - start;
  };
  const loading = await make(1);
  const single = await make(1);
  const count = Math.max(1, Math.min(MAX_PICTURES, pictures.length, Math.floor(MEASURE_MS / single)));
  const pictureMs = (await make(count)) / (count * engines.length);
  const sizes = await Promise.all(made.slice(0, MAX_PICTURES).map((picture) => encodedSize(batch, picture)));
  const pictureBytes = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return { loadMs: Math.max(0, loading - single), pictureMs, pictureBytes };
}

async function encodedSize({ output }: PreparedBatch, picture: Picture): Promise<number> {
  const embeds = output.metadata === 'embed' || output.metadata === 'both';
  const { bytes } = await encodePicture(picture, output, embeds);
  const beside = output.metadata === 'sidecar' || output.metadata === 'both';
  return bytes.length + (beside ? JSON.stringify(picture.record, null, 2).length : 0);
}
