/**
 * Parsers of everything that windows and the model manager send each other.
 */
import { ERROR_CODES, type SerializedError } from '../base/errors.ts';
import { type ModelSettings, parseModelSettingsChange } from '../catalog/model-settings.ts';
import type { License } from '../catalog/published-model.ts';
import { PRECISIONS } from './engine-api.ts';
import { rgbImage, settingSpec, settings } from './engine-contract.ts';
import type {
  AvailableModel,
  Imported,
  ImportOrder,
  InspectedFile,
  Inspection,
  Install,
  InstallCommand,
  InstallEvent,
  InstallFile,
  InstallOrder,
  MeasuredPicture,
  MemoryNeed,
  ModelChange,
  ModelDetails,
  ModelFile,
  ModelsApi,
  OptimiseReport,
  Orphan,
  TokenState,
  VerifiedFile,
  WorkEvent,
} from './models-api.ts';
import {
  bytes,
  fields,
  finite,
  flag,
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

const count = integer(0, Number.MAX_SAFE_INTEGER);
const nil: Parser<null> = (value, place) => nullable(nothing)(value, place);
const precision = oneOf(...PRECISIONS);

const serializedError = fields<SerializedError>({
  code: oneOf(...ERROR_CODES),
  message: text,
  hint: optional(text),
  detail: optional(text),
});

const license = fields<License>({ id: nullable(text), kind: oneOf('free', 'non-commercial', 'none'), url: text });
const memory = list(fields<MemoryNeed>({ precision, bytes: count, fits: flag }));

const availableModel = fields<AvailableModel>({
  id: text,
  name: text,
  family: text,
  subject: text,
  width: count,
  height: count,
  parameters: count,
  size: count,
  missing: count,
  files: list(fields<AvailableModel['files'][number]>({ name: text, host: text, size: count })),
  memory,
  seconds: nullable(finite),
  license,
  needsConsent: flag,
  about: text,
  installed: flag,
});

const install = fields<Install>({
  id: text,
  name: text,
  state: oneOf('waiting', 'downloading', 'verifying', 'preparing', 'paused', 'failed', 'elsewhere'),
  files: list(fields<InstallFile>({ name: text, done: count, total: nullable(count) })),
  rate: finite,
  leftSeconds: nullable(finite),
  note: nullable(text),
  error: nullable(serializedError),
});

type EventOf<Type extends InstallEvent['type']> = Extract<InstallEvent, { type: Type }>;
const installEvent = variants<InstallEvent>('type', {
  installs: fields<EventOf<'installs'>>({ type: oneOf('installs'), installs: list(install) }),
  installed: fields<EventOf<'installed'>>({ type: oneOf('installed'), model: text, name: text }),
});

type OrderOf<Type extends InstallOrder['type']> = Extract<InstallOrder, { type: Type }>;
const installOrder = variants<InstallOrder>('type', {
  published: fields<OrderOf<'published'>>({ type: oneOf('published'), id: text, licenseAccepted: flag }),
  addresses: fields<OrderOf<'addresses'>>({
    type: oneOf('addresses'),
    addresses: list(text),
    licenseAccepted: flag,
  }),
  completion: fields<OrderOf<'completion'>>({ type: oneOf('completion'), files: list(text), missing: text }),
});

const knownFile = fields<Extract<InspectedFile, { known: true }>>({
  file: text,
  size: count,
  known: isTrue,
  title: text,
  role: text,
  precision: text,
});
const unknownFile = fields<Extract<InspectedFile, { known: false }>>({
  file: text,
  size: count,
  known: isFalse,
  reason: text,
  hint: text,
});
const inspectedFile: Parser<InspectedFile> = (value, place) =>
  fields<{ known: boolean }>({ known: flag })(value, place).known ? knownFile(value, place) : unknownFile(value, place);

const inspection = fields<Inspection>({
  files: list(inspectedFile),
  complete: list(text),
  family: nullable(text),
  title: nullable(text),
  id: nullable(text),
  license: nullable(license),
  missing: nullable(fields<NonNullable<Inspection['missing']>>({ what: text, file: nullable(text), size: count })),
});

const workEvent = fields<WorkEvent>({
  stage: oneOf('reading', 'preview', 'self-test', 'verifying', 'copying', 'weights', 'painting'),
  share: finite,
  on: text,
});

const imported = fields<Imported>({
  id: text,
  name: text,
  selfTest: nullable(fields<NonNullable<Imported['selfTest']>>({ step: count, steps: count, milliseconds: finite })),
  problems: list(serializedError),
});

const modelDetails = fields<ModelDetails>({
  id: text,
  name: text,
  title: text,
  family: text,
  folder: text,
  builtIn: flag,
  shared: flag,
  license: nullable(text),
  licenseUrl: nullable(text),
  files: list(
    fields<ModelFile>({
      role: text,
      path: text,
      size: count,
      own: flag,
      sha256: nullable(text),
      sharedWith: list(text),
    }),
  ),
  derived: list(fields<ModelDetails['derived'][number]>({ precision: text, size: count })),
  precision,
  memory,
  settings: list(settingSpec),
  defaults: settings,
});

const measured = fields<MeasuredPicture>({ image: rgbImage, seconds: finite, memory: count });

const modelSettings = {
  folder: nullable(text),
  shared: list(text),
  memoryBudget: nullable(count),
  hub: nullable(text),
};

const tokenState = fields<TokenState>({ place: nullable(oneOf('keychain', 'file')) });

export const MODELS_CONTRACT: Contract<ModelsApi> = {
  availableModels: { args: tuple(), event: nothing, result: list(availableModel) },
  watchInstalls: { args: tuple(), event: installEvent, result: nil },
  install: { args: tuple(installOrder), event: nothing, result: text },
  installCommand: {
    args: tuple(fields<InstallCommand>({ type: oneOf('pause', 'resume', 'cancel'), install: text })),
    event: nothing,
    result: nil,
  },
  inspectModel: { args: tuple(list(text)), event: nothing, result: inspection },
  importModel: {
    args: tuple(fields<ImportOrder>({ files: list(text), id: nullable(text) })),
    event: workEvent,
    result: imported,
  },
  modelDetails: { args: tuple(text), event: nothing, result: modelDetails },
  modelThumbnail: { args: tuple(text), event: nothing, result: nullable(bytes) },
  changeModel: {
    args: tuple(
      text,
      fields<ModelChange>({ name: optional(text), defaults: optional(settings), precision: optional(precision) }),
    ),
    event: nothing,
    result: nil,
  },
  removeModel: { args: tuple(text), event: nothing, result: nil },
  verifyModels: {
    args: tuple(nullable(text)),
    event: workEvent,
    result: list(
      fields<VerifiedFile>({ model: text, path: text, result: oneOf('good', 'damaged', 'missing', 'unknown') }),
    ),
  },
  optimiseModel: {
    args: tuple(text, precision),
    event: workEvent,
    result: fields<OptimiseReport>({ precision, before: measured, after: measured, psnr: finite, size: count }),
  },
  undoOptimise: { args: tuple(text), event: nothing, result: nil },
  orphans: {
    args: tuple(),
    event: nothing,
    result: list(
      fields<Orphan>({ path: text, size: count, kind: oneOf('checkpoint', 'download', 'weights', 'folder') }),
    ),
  },
  removeOrphans: { args: tuple(list(text)), event: nothing, result: nil },
  moveModels: { args: tuple(nullable(text)), event: workEvent, result: fields<ModelSettings>(modelSettings) },
  modelSettings: {
    args: tuple(),
    event: nothing,
    result: fields<ModelsApi['modelSettings']['result']>({ ...modelSettings, usedFolder: text, usedBudget: count }),
  },
  changeModelSettings: {
    args: tuple(parseModelSettingsChange),
    event: nothing,
    result: fields<ModelSettings>(modelSettings),
  },
  hubToken: { args: tuple(), event: nothing, result: tokenState },
  setHubToken: { args: tuple(nullable(text)), event: nothing, result: tokenState },
};

function isTrue(value: unknown, place: string): true {
  flag(value, place);
  return true;
}

function isFalse(value: unknown, place: string): false {
  flag(value, place);
  return false;
}
