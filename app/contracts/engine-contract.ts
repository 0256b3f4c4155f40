/**
 * Parsers of everything that main and the engine process send each other.
 */
import { StudioError } from '../base/errors.ts';
import type {
  Alternative,
  ImageEvent,
  PipelineEvent,
  PreviewEvent,
  RgbImage,
  StepEvent,
} from '../generation/pipeline-event.ts';
import {
  CAPABILITIES,
  CONTROL_KINDS,
  type ControlMap,
  type GenerationRequest,
  type KeptTokens,
  MAP_KINDS,
  type MapRegion,
  type ModelDescription,
  type PictureShape,
  type PictureSizes,
  type SettingSpec,
  type Settings,
  STEP_KINDS,
  type StepArea,
} from '../generation/request.ts';
import {
  type DeviceReport,
  type EngineApi,
  type EngineOptions,
  type Footprint,
  type ModelSource,
  type PictureEvent,
  PRECISIONS,
  type RunReport,
  type SelfTestReport,
  type TokenPlace,
  type TraceJob,
} from './engine-api.ts';
import {
  anything,
  bytes,
  either,
  fields,
  finite,
  flag,
  float32s,
  int32s,
  integer,
  list,
  nothing,
  nullable,
  oneOf,
  optional,
  type Parser,
  record,
  text,
  tuple,
  variants,
} from './parse.ts';
import type { Contract } from './rpc.ts';

/** Largest side of a picture that is let through, in pixels. */
const MAX_SIDE = 16_384;
const MAX_THREADS = 512;
/** Symbols of a token, far above what any model has. */
export const MAX_SYMBOLS = 4096;
export const MAX_SEED = 2 ** 32 - 1;

const count = integer(0, Number.MAX_SAFE_INTEGER);
const side = integer(1, MAX_SIDE);
export const settings: Parser<Settings> = record(
  either(either(finite, flag, 'a number or a flag'), text, 'a number, true or false, or a text'),
);

const modelSource = fields<ModelSource>({
  id: text,
  files: list(text),
  labels: list(text),
  defaults: settings,
  preview: optional(list(finite)),
});

export const engineOptions = fields<EngineOptions>({
  provider: oneOf('auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'),
  precision: oneOf(...PRECISIONS),
  previews: oneOf('linear', 'decoded'),
  memoryBudget: optional(count),
  threads: optional(integer(1, MAX_THREADS)),
});

const anyImage = fields<RgbImage>({ width: side, height: side, data: bytes });

export const rgbImage: Parser<RgbImage> = (value, place) => {
  const image = anyImage(value, place);
  const { width, height, data } = image;
  if (data.length === width * height * 3) return image;
  throw new StudioError('bad-request', `${place}.data must be ${width}×${height}×3 bytes, not ${data.length}.`);
};

/** Far above what any text encoder reads. */
const MAX_PROMPT = 100_000;

const prompt: Parser<string> = (value, place) => {
  const words = text(value, place);
  if (words.length <= MAX_PROMPT) return words;
  throw new StudioError('bad-request', `${place} must have at most ${MAX_PROMPT} characters.`);
};

const controlMap = fields<ControlMap>({ kind: oneOf(...CONTROL_KINDS), image: rgbImage });

export const generationRequest = fields<GenerationRequest>({
  model: text,
  label: nullable(count),
  prompt: optional(prompt),
  control: optional(controlMap),
  seed: integer(0, MAX_SEED),
  settings,
  kept: optional(fields<KeptTokens>({ tokens: int32s, mask: bytes })),
});

export const tokenPlace = fields<TokenPlace>({ step: count, position: count, count: integer(1, 64) });

const traceJob = fields<TraceJob>({ run: record(anything), force: optional(text), out: text });

const pipelineEvent = variants<PipelineEvent>('type', {
  step: fields<StepEvent>({
    type: oneOf('step'),
    step: count,
    steps: count,
    progress: finite,
    preview: rgbImage,
    tokens: int32s,
    entropy: float32s,
  }),
  preview: fields<PreviewEvent>({
    type: oneOf('preview'),
    step: count,
    steps: count,
    progress: finite,
    preview: rgbImage,
  }),
  image: fields<ImageEvent>({ type: oneOf('image'), image: rgbImage, tokens: int32s }),
});

type SpecOf<Kind extends SettingSpec['kind']> = Extract<SettingSpec, { kind: Kind }>;

export const settingSpec = variants<SettingSpec>('kind', {
  number: fields<SpecOf<'number'>>({
    kind: oneOf('number'),
    id: text,
    name: text,
    help: text,
    default: finite,
    min: finite,
    max: finite,
    step: finite,
    ofControl: optional(flag),
  }),
  switch: fields<SpecOf<'switch'>>({ kind: oneOf('switch'), id: text, name: text, help: text, default: flag }),
  choice: fields<SpecOf<'choice'>>({
    kind: oneOf('choice'),
    id: text,
    name: text,
    help: text,
    default: text,
    options: list(fields<SpecOf<'choice'>['options'][number]>({ value: text, name: text })),
  }),
});

const HEX_COLOR = /^#[0-9a-f]{6}$/i;

export const mapRegion = fields<MapRegion>({
  name: text,
  color: (value, place) => {
    if (typeof value === 'string' && HEX_COLOR.test(value)) return value;
    throw new StudioError('bad-request', `${place} must be a colour such as #64b4f0.`);
  },
});

export const modelDescription = fields<ModelDescription>({
  family: text,
  title: text,
  width: side,
  height: side,
  labels: list(text),
  classes: count,
  words: flag,
  controls: list(oneOf(...MAP_KINDS)),
  regions: optional(list(mapRegion)),
  sizes: optional(fields<PictureSizes>({ step: integer(1, MAX_SIDE), pixels: count })),
  shapes: optional(list(fields<PictureShape>({ settings, width: side, height: side, tokensPerStep: list(count) }))),
  tokensPerStep: list(count),
  stepKind: optional(oneOf(...STEP_KINDS)),
  stepAreas: optional(list(fields<StepArea>({ x: finite, y: finite, width: finite, height: finite }))),
  symbolsPerToken: integer(1, MAX_SYMBOLS),
  vocabulary: count,
  capabilities: list(oneOf(...CAPABILITIES)),
  settings: list(settingSpec),
});

export const deviceReport = fields<DeviceReport>({
  chosen: text,
  reason: text,
  providers: list(fields<DeviceReport['providers'][number]>({ id: text, usable: flag, reason: text })),
});

const runReport = fields<RunReport>({
  provider: text,
  precision: text,
  loadMs: finite,
  firstPreviewMs: finite,
  totalMs: finite,
  decodeMs: finite,
  peakRssBytes: finite,
});

const footprint = fields<Footprint>({
  provider: text,
  threads: count,
  fixedBytes: count,
  pictureBytes: count,
  availableBytes: count,
});

export const ENGINE_CONTRACT: Contract<EngineApi> = {
  devices: { args: tuple(engineOptions), event: nothing, result: deviceReport },
  describe: { args: tuple(modelSource, engineOptions), event: nothing, result: modelDescription },
  footprint: { args: tuple(modelSource, engineOptions), event: nothing, result: footprint },
  generate: { args: tuple(modelSource, engineOptions, generationRequest), event: pipelineEvent, result: runReport },
  generateBatch: {
    args: tuple(modelSource, engineOptions, list(generationRequest)),
    event: fields<PictureEvent>({ picture: count, event: pipelineEvent, report: optional(runReport) }),
    result: nullable(nothing),
  },
  selfTest: {
    args: tuple(modelSource, engineOptions, count),
    event: nothing,
    result: fields<SelfTestReport>({ image: rgbImage, step: count, steps: count, loadMs: finite, totalMs: finite }),
  },
  prepare: {
    args: tuple(modelSource, engineOptions),
    event: finite,
    result: (value, place) => nullable(nothing)(value, place),
  },
  measureSpeed: { args: tuple(), event: nothing, result: finite },
  fitPreview: { args: tuple(modelSource, engineOptions), event: nothing, result: list(finite) },
  decode: { args: tuple(modelSource, engineOptions, int32s, optional(count)), event: nothing, result: rgbImage },
  encode: { args: tuple(modelSource, engineOptions, rgbImage), event: nothing, result: int32s },
  alternatives: {
    args: tuple(modelSource, engineOptions, generationRequest, tokenPlace),
    event: nothing,
    result: list(fields<Alternative>({ token: count, probability: finite, preview: rgbImage })),
  },
  trace: {
    args: tuple(modelSource, engineOptions, traceJob),
    event: nothing,
    result: fields<EngineApi['trace']['result']>({ tensors: list(text) }),
  },
};
