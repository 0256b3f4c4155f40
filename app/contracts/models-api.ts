/**
 * What a window asks of the model manager.
 */
import type { SerializedError } from '../base/errors.ts';
import type { ModelSettings } from '../catalog/model-settings.ts';
import type { License } from '../catalog/published-model.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { SettingSpec, Settings } from '../generation/request.ts';
import type { Precision } from './engine-api.ts';

/** What a model needs with one arithmetic. */
export interface MemoryNeed {
  readonly precision: Precision;
  /** Bytes, estimated. */
  readonly bytes: number;
  /** Whether that is within what models may take. */
  readonly fits: boolean;
}

/** A model of the catalogue. */
export interface AvailableModel {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly subject: string;
  readonly width: number;
  readonly height: number;
  readonly parameters: number;
  /** Bytes of all its files, and of those that are not here yet. */
  readonly size: number;
  readonly missing: number;
  readonly files: readonly { readonly name: string; readonly host: string; readonly size: number }[];
  readonly memory: readonly MemoryNeed[];
  /** One picture on this machine, estimated; null before its speed is known. */
  readonly seconds: number | null;
  readonly license: License;
  readonly needsConsent: boolean;
  readonly about: string;
  readonly installed: boolean;
}

export interface InstallFile {
  readonly name: string;
  /** Bytes. */
  readonly done: number;
  readonly total: number | null;
}

/** `elsewhere`: another Underpaint works on it. */
export type InstallState = 'waiting' | 'downloading' | 'verifying' | 'preparing' | 'paused' | 'failed' | 'elsewhere';

/** A model on its way. */
export interface Install {
  readonly id: string;
  readonly name: string;
  readonly state: InstallState;
  readonly files: readonly InstallFile[];
  /** Bytes a second over the last seconds. */
  readonly rate: number;
  readonly leftSeconds: number | null;
  /** Why it waits, or null. */
  readonly note: string | null;
  readonly error: SerializedError | null;
}

export type InstallCommand = { readonly type: 'pause' | 'resume' | 'cancel'; readonly install: string };

/** What to install: a card of the catalogue, the addresses of files, or what own files lack to be a model. */
export type InstallOrder =
  | { readonly type: 'published'; readonly id: string; readonly licenseAccepted: boolean }
  | { readonly type: 'addresses'; readonly addresses: readonly string[]; readonly licenseAccepted: boolean }
  | { readonly type: 'completion'; readonly files: readonly string[]; readonly missing: string };

export type InstallEvent =
  | { readonly type: 'installs'; readonly installs: readonly Install[] }
  | { readonly type: 'installed'; readonly model: string; readonly name: string };

/** What a file that was given is. */
export type InspectedFile = {
  readonly file: string;
  readonly size: number;
} & (
  | { readonly known: true; readonly title: string; readonly role: string; readonly precision: string }
  | { readonly known: false; readonly reason: string; readonly hint: string }
);

/** What can be made of files. */
export interface Inspection {
  readonly files: readonly InspectedFile[];
  /** Files that make a model, companions found on this machine among them; empty when one is missing. */
  readonly complete: readonly string[];
  readonly family: string | null;
  readonly title: string | null;
  /** Id that it would get. */
  readonly id: string | null;
  readonly license: License | null;
  /** What is missing, in words, and what of the catalogue would help. */
  readonly missing: { readonly what: string; readonly file: string | null; readonly size: number } | null;
}

export interface ImportOrder {
  readonly files: readonly string[];
  readonly id: string | null;
}

export type WorkStage = 'reading' | 'preview' | 'self-test' | 'verifying' | 'copying' | 'weights' | 'painting';

/** Progress of work that takes a while. */
export interface WorkEvent {
  readonly stage: WorkStage;
  /** 0 … 1. */
  readonly share: number;
  /** Model or file at work. */
  readonly on: string;
}

/** What became of an import. */
export interface Imported {
  readonly id: string;
  readonly name: string;
  /** Steps that the self-test has painted, of how many, and its time with loading; null when it failed or was not asked for. */
  readonly selfTest: { readonly step: number; readonly steps: number; readonly milliseconds: number } | null;
  /** What did not work, though the model can be used. */
  readonly problems: readonly SerializedError[];
}

export interface ModelFile {
  readonly role: string;
  readonly path: string;
  readonly size: number;
  /** In the models folder, so that it goes with the model; another's file stays. */
  readonly own: boolean;
  /** SHA-256 that it should have, or null when none is known. */
  readonly sha256: string | null;
  /** Names of other models that use it. */
  readonly sharedWith: readonly string[];
}

/** All that is known of an installed model. */
export interface ModelDetails {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly family: string;
  readonly folder: string;
  readonly builtIn: boolean;
  /** In a folder of another program. */
  readonly shared: boolean;
  readonly license: string | null;
  readonly licenseUrl: string | null;
  readonly files: readonly ModelFile[];
  /** Weights that were made for this machine. */
  readonly derived: readonly { readonly precision: string; readonly size: number }[];
  readonly precision: Precision;
  readonly memory: readonly MemoryNeed[];
  readonly settings: readonly SettingSpec[];
  /** Default settings that differ from the family's. */
  readonly defaults: Settings;
}

export interface ModelChange {
  readonly name?: string | undefined;
  readonly defaults?: Settings | undefined;
  readonly precision?: Precision | undefined;
}

export interface VerifiedFile {
  readonly model: string;
  readonly path: string;
  /** `unknown`: there was nothing to compare with; from now on there is. */
  readonly result: 'good' | 'damaged' | 'missing' | 'unknown';
}

/** Something that belongs to no model any more. */
export interface Orphan {
  readonly path: string;
  readonly size: number;
  readonly kind: 'checkpoint' | 'download' | 'weights' | 'folder';
}

/** A model with and without weights that were made for this machine. */
export interface OptimiseReport {
  readonly precision: Precision;
  readonly before: MeasuredPicture;
  readonly after: MeasuredPicture;
  /** Of the second picture against the first, in dB. */
  readonly psnr: number;
  /** Bytes on the disk. */
  readonly size: number;
}

export interface MeasuredPicture {
  readonly image: RgbImage;
  readonly seconds: number;
  /** Peak of the engine's memory, bytes. */
  readonly memory: number;
}

export interface TokenState {
  /** Where the hub's access token is kept, or null when there is none. */
  readonly place: 'keychain' | 'file' | null;
}

export interface ModelsApi {
  availableModels: { args: []; event: never; result: readonly AvailableModel[] };
  /** Tells of installs until it is cancelled. */
  watchInstalls: { args: []; event: InstallEvent; result: null };
  /** Returns the install's id. */
  install: { args: [order: InstallOrder]; event: never; result: string };
  installCommand: { args: [command: InstallCommand]; event: never; result: null };

  /** Looks at files and folders on the host. */
  inspectModel: { args: [paths: readonly string[]]; event: never; result: Inspection };
  importModel: { args: [order: ImportOrder]; event: WorkEvent; result: Imported };

  modelDetails: { args: [id: string]; event: never; result: ModelDetails };
  /** A small PNG, or null. */
  modelThumbnail: { args: [id: string]; event: never; result: Uint8Array | null };
  changeModel: { args: [id: string, change: ModelChange]; event: never; result: null };
  /** Takes the model away, with those of its files that lie in the models folder and belong to no other model. */
  removeModel: { args: [id: string]; event: never; result: null };
  /** Compares files with their hashes; of all models for null. */
  verifyModels: { args: [id: string | null]; event: WorkEvent; result: readonly VerifiedFile[] };

  optimiseModel: { args: [id: string, precision: Precision]; event: WorkEvent; result: OptimiseReport };
  /** Back to the published weights. */
  undoOptimise: { args: [id: string]; event: never; result: null };

  orphans: { args: []; event: never; result: readonly Orphan[] };
  removeOrphans: { args: [paths: readonly string[]]; event: never; result: null };
  moveModels: { args: [folder: string | null]; event: WorkEvent; result: ModelSettings };

  modelSettings: {
    args: [];
    event: never;
    result: ModelSettings & { readonly usedFolder: string; readonly usedBudget: number };
  };
  changeModelSettings: { args: [change: Partial<Omit<ModelSettings, 'folder'>>]; event: never; result: ModelSettings };
  hubToken: { args: []; event: never; result: TokenState };
  setHubToken: { args: [token: string | null]; event: never; result: TokenState };
}
