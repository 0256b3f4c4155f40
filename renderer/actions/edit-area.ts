/**
 * Painting a part of what is there: filling it from its surroundings, going on into what is empty, making it something else.
 */
import { invertMask } from '../../app/imaging/mask-operations.ts';
import { boundsOf } from '../../app/imaging/regions.ts';
import { emptyCover, maskCover, selectionCover } from '../canvas/mask-cover.ts';
import { canvas } from '../canvas/open-canvas.ts';
import { currentDocument } from '../stores/document-store.ts';
import { modelStore, stepsOf } from '../stores/model-store.ts';
import { notify } from '../stores/notice-store.ts';
import { currentVariant } from '../stores/staging-store.ts';
import { words } from '../text/words.ts';
import { branch, generate } from './generate.ts';

/** Fills what is selected or masked as its surroundings ask for, with no class in mind. */
export async function fillArea(): Promise<void> {
  const cover = chosenCover();
  if (cover) await generate({ cover, label: null, keepSteps: 0 });
}

/** Makes what is selected or masked the class of the panel; as many scales of it stay as the panel says. */
export async function changeClass(): Promise<void> {
  const cover = chosenCover();
  if (cover) await generate({ cover });
}

/** Paints what is empty in the frame, so that the picture goes on. */
export async function expand(): Promise<void> {
  const cover = emptyCover(canvas().painting, currentDocument().frame);
  if (!cover) return notify('info', words().notice.nothingEmpty);
  const isEmpty = cover.data.every((value) => value > 0);
  await generate({ cover, keepSteps: 0, known: isEmpty ? undefined : boundsOf(invertMask(cover)) });
}

/** As many pictures as the panel says with the coarse half of the scales of the one over the frame, or of what is under it. */
export async function vary(): Promise<void> {
  const { model, count } = modelStore.getState();
  if (model === null) return;
  const variant = currentVariant();
  const half = Math.floor(stepsOf(variant?.request.model ?? model).length / 2);
  if (!variant) return generate({ keepSteps: half });
  if (variant.plan) return notify('info', words().notice.noBranchOfArea);
  for (let i = 0; i < count; i++) await branch(variant, half);
}

/** The selection, or else the masks, in the frame; tells the person when there is neither. */
function chosenCover() {
  const { painting } = canvas();
  const document = currentDocument();
  const cover = selectionCover(painting, document.frame) ?? maskCover(painting, document, document.frame);
  if (!cover) notify('info', words().notice.nothingChosen);
  return cover;
}
