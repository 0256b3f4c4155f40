/**
 * The control maps of a batch's pictures, which are read when a picture is made: a plan may name many.
 */
import type { GenerationRequest } from '../../app/generation/request.ts';
import { makeControl, readControlFile } from '../jobs/control-maps.ts';
import type { BatchPicture } from './prepare-batch.ts';

/** With its map. Throws `missing-file` or `corrupt-input`. */
export async function completeRequest({ request, control, model }: BatchPicture): Promise<GenerationRequest> {
  if (!control) return request;
  const { kind, file, made } = control;
  if (!made) return { ...request, control: { kind, image: await readControlFile(file) } };
  return { ...request, control: await makeControl(file, made, model.description) };
}
