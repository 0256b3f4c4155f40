/**
 * Parsers of everything that windows and the host send each other.
 */
import { StudioError } from '../base/errors.ts';
import { parseBatchCount, parseBatchForecast, parseBatchOrder, parseBatchState } from '../batch/batch-order.ts';
import { parsePlan } from '../batch/plan.ts';
import { parseDocument, parseId } from '../document/parse-document.ts';
import type { Alternative } from '../generation/pipeline-event.ts';
import type { RgbaImage } from '../imaging/rgba.ts';
import { parsePackedMask } from '../imaging/run-lengths.ts';
import { parseOrigin, parseQueueEvent } from '../jobs/parse-job.ts';
import { parsePictureEntry, parsePictureQuery } from '../library/picture-entry.ts';
import { parseSettingsChange, readSettings } from '../library/user-settings.ts';
import { parseAreaPlan } from '../tasks/parse-area-plan.ts';
import { PRECISIONS } from './engine-api.ts';
import { generationRequest, modelDescription, rgbImage, tokenPlace } from './engine-contract.ts';
import { MODELS_CONTRACT } from './models-contract.ts';
import {
  bytes,
  fields,
  finite,
  flag,
  int32s,
  integer,
  list,
  nothing,
  nullable,
  oneOf,
  optional,
  type Parser,
  text,
  tuple,
  variants,
} from './parse.ts';
import type { Contract } from './rpc.ts';
import {
  type AskedArea,
  EXPORT_FORMATS,
  type HostInfo,
  type Making,
  type ModelSummary,
  type OpenedPicture,
  type PackedTile,
  type PaintingState,
  type QueueCommand,
  type RecoverablePainting,
  type StudioApi,
} from './studio-api.ts';

const MAX_SIDE = 16_384;
const count = integer(0, Number.MAX_SAFE_INTEGER);
const side = integer(1, MAX_SIDE);
const nil: Parser<null> = (value, place) => nullable(nothing)(value, place);

const anyRgba = fields<RgbaImage>({ width: side, height: side, data: bytes });
const rgbaImage: Parser<RgbaImage> = (value, place) => {
  const image = anyRgba(value, place);
  if (image.data.length === image.width * image.height * 4) return image;
  throw new StudioError('bad-request', `${place}.data must be ${image.width}×${image.height}×4 bytes.`);
};

const askedArea = fields<AskedArea>({ image: rgbImage, cover: parsePackedMask, plan: parseAreaPlan });

type CommandOf<Type extends QueueCommand['type']> = Extract<QueueCommand, { type: Type }>;
const queueCommand = variants<QueueCommand>('type', {
  cancel: fields<CommandOf<'cancel'>>({ type: oneOf('cancel'), job: text }),
  pause: fields<CommandOf<'pause'>>({ type: oneOf('pause'), job: text }),
  resume: fields<CommandOf<'resume'>>({ type: oneOf('resume'), job: text }),
  remove: fields<CommandOf<'remove'>>({ type: oneOf('remove'), job: text }),
  move: fields<CommandOf<'move'>>({ type: oneOf('move'), job: text, to: count }),
  edit: fields<CommandOf<'edit'>>({ type: oneOf('edit'), job: text, request: generationRequest, title: text }),
  pauseQueue: fields<CommandOf<'pauseQueue'>>({ type: oneOf('pauseQueue'), paused: flag }),
});

const openedPicture = fields<OpenedPicture>({
  image: rgbaImage,
  making: nullable(
    fields<Making>({
      request: generationRequest,
      labelName: nullable(text),
      tokens: int32s,
      plan: optional(parseAreaPlan),
    }),
  ),
});

const paintingState = fields<PaintingState>({
  document: parseDocument,
  path: nullable(text),
  extras: text,
  tiles: list(fields<PackedTile>({ id: parseId, bytes })),
});

export const STUDIO_CONTRACT: Contract<StudioApi> = {
  hello: {
    args: tuple(),
    event: nothing,
    result: fields<HostInfo>({ version: text, platform: text, dataFolder: text }),
  },
  models: {
    args: tuple(),
    event: nothing,
    result: list(
      fields<ModelSummary>({
        id: text,
        name: text,
        family: text,
        license: nullable(text),
        builtIn: flag,
        precision: oneOf(...PRECISIONS),
        size: count,
        problem: nullable(text),
      }),
    ),
  },
  describe: { args: tuple(text), event: nothing, result: modelDescription },

  watchQueue: { args: tuple(), event: parseQueueEvent, result: nil },
  enqueue: { args: tuple(generationRequest, parseOrigin, text, nullable(askedArea)), event: nothing, result: text },
  queueCommand: { args: tuple(queueCommand), event: nothing, result: nil },

  decode: { args: tuple(text, int32s, count), event: nothing, result: rgbImage },
  encode: { args: tuple(text, rgbImage), event: nothing, result: int32s },
  alternatives: {
    args: tuple(generationRequest, tokenPlace),
    event: nothing,
    result: list(fields<Alternative>({ token: count, probability: finite, preview: rgbImage })),
  },

  listPictures: { args: tuple(parsePictureQuery), event: nothing, result: list(parsePictureEntry) },
  boards: { args: tuple(), event: nothing, result: list(text) },
  thumbnail: { args: tuple(parseId), event: nothing, result: bytes },
  openPicture: { args: tuple(parseId), event: nothing, result: openedPicture },
  changePicture: {
    args: tuple(parseId, fields({ starred: optional(flag), board: optional(nullable(text)) })),
    event: nothing,
    result: nil,
  },
  removePicture: { args: tuple(parseId), event: nothing, result: nil },

  readImage: { args: tuple(bytes), event: nothing, result: openedPicture },
  readImageFile: { args: tuple(text), event: nothing, result: openedPicture },
  encodeImage: { args: tuple(rgbaImage, oneOf(...EXPORT_FORMATS), integer(1, 100)), event: nothing, result: bytes },

  autosave: { args: tuple(parseId, paintingState), event: nothing, result: nil },
  recoverable: {
    args: tuple(),
    event: nothing,
    result: list(fields<RecoverablePainting>({ painting: parseId, name: text, savedAt: finite })),
  },
  recover: { args: tuple(parseId), event: nothing, result: paintingState },
  discard: { args: tuple(parseId), event: nothing, result: nil },
  saveProject: { args: tuple(parseId, nullable(text)), event: nothing, result: text },
  projectFile: { args: tuple(parseId), event: nothing, result: bytes },
  openProject: { args: tuple(text), event: nothing, result: paintingState },
  openProjectFile: { args: tuple(bytes), event: nothing, result: paintingState },

  ...MODELS_CONTRACT,
  readPlan: { args: tuple(text, text), event: nothing, result: parsePlan },
  formatPlan: { args: tuple(parsePlan), event: nothing, result: text },
  countBatch: { args: tuple(parseBatchOrder), event: nothing, result: parseBatchCount },
  forecastBatch: { args: tuple(parseBatchOrder), event: nothing, result: parseBatchForecast },
  startBatch: { args: tuple(parseBatchOrder), event: nothing, result: nil },
  stopBatch: { args: tuple(), event: nothing, result: nil },
  watchBatch: { args: tuple(), event: parseBatchState, result: nil },

  settings: { args: tuple(), event: nothing, result: readSettings },
  changeSettings: { args: tuple(parseSettingsChange), event: nothing, result: readSettings },
};
