/**
 * What a window asks of the host. The desktop program and the server answer the same calls.
 */
import type { BatchCount, BatchForecast, BatchOrder, BatchState } from '../batch/batch-order.ts';
import type { BatchPlan } from '../batch/plan.ts';
import type { PaintingDocument } from '../document/document.ts';
import type { Alternative, RgbImage } from '../generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../generation/request.ts';
import type { RgbaImage } from '../imaging/rgba.ts';
import type { PackedMask } from '../imaging/run-lengths.ts';
import type { JobOrigin, QueueEvent } from '../jobs/job.ts';
import type { PictureEntry, PictureQuery } from '../library/picture-entry.ts';
import type { UserSettings } from '../library/user-settings.ts';
import type { AreaPlan } from '../tasks/paint-area.ts';
import type { Precision, TokenPlace } from './engine-api.ts';
import type { ModelsApi } from './models-api.ts';

export interface HostInfo {
  readonly version: string;
  /** `process.platform` of the host. */
  readonly platform: string;
  /** Folder of the person's data, on the host. */
  readonly dataFolder: string;
}

export interface ModelSummary {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly license: string | null;
  readonly builtIn: boolean;
  /** The weights that it is used with. */
  readonly precision: Precision;
  /** Bytes of its files. */
  readonly size: number;
  /** Why it cannot be used, or null. */
  readonly problem: string | null;
}

interface OnJob<Type extends string> {
  readonly type: Type;
  readonly job: string;
}

export type QueueCommand =
  | OnJob<'cancel'>
  | OnJob<'pause'>
  | OnJob<'resume'>
  | OnJob<'remove'>
  | { readonly type: 'move'; readonly job: string; readonly to: number }
  | { readonly type: 'edit'; readonly job: string; readonly request: GenerationRequest; readonly title: string }
  | { readonly type: 'pauseQueue'; readonly paused: boolean };

/** How a picture was made, as its file tells. */
export interface Making {
  readonly request: GenerationRequest;
  readonly labelName: string | null;
  readonly tokens: Int32Array;
  /** Of an area. */
  readonly plan?: AreaPlan | undefined;
}

/** An area of a painting: what is there now, of which a part is to be painted. */
export interface AskedArea {
  readonly image: RgbImage;
  /** Of the picture's size. */
  readonly cover: PackedMask;
  readonly plan: AreaPlan;
}

export interface OpenedPicture {
  readonly image: RgbaImage;
  /** Null for a picture that Underpaint did not make. */
  readonly making: Making | null;
}

/** A painting as it is sent: its document and the tiles that the other side does not have, packed (deflate). */
export interface PaintingState {
  readonly document: PaintingDocument;
  /** The project's file on the host, or null when it was never saved. */
  readonly path: string | null;
  /** What windows keep beside the document, such as the tree of variants; JSON. */
  readonly extras: string;
  readonly tiles: readonly PackedTile[];
}

export interface PackedTile {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A painting that was open when the program ended. */
export interface RecoverablePainting {
  readonly painting: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

export const EXPORT_FORMATS = ['png', 'jpeg', 'webp', 'avif'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface StudioApi extends ModelsApi {
  hello: { args: []; event: never; result: HostInfo };
  models: { args: []; event: never; result: readonly ModelSummary[] };
  describe: { args: [model: string]; event: never; result: ModelDescription };

  /** Tells of the queue until it is cancelled. */
  watchQueue: { args: []; event: QueueEvent; result: null };
  /** Queues a picture, or an area that is painted frame after frame; returns the job's id. */
  enqueue: {
    args: [request: GenerationRequest, origin: JobOrigin, title: string, area: AskedArea | null];
    event: never;
    result: string;
  };
  queueCommand: { args: [command: QueueCommand]; event: never; result: null };

  decode: { args: [model: string, tokens: Int32Array, steps: number]; event: never; result: RgbImage };
  encode: { args: [model: string, image: RgbImage]; event: never; result: Int32Array };
  alternatives: {
    args: [request: GenerationRequest, place: TokenPlace];
    event: never;
    result: readonly Alternative[];
  };

  listPictures: { args: [query: PictureQuery]; event: never; result: readonly PictureEntry[] };
  boards: { args: []; event: never; result: readonly string[] };
  /** A small PNG. */
  thumbnail: { args: [picture: string]; event: never; result: Uint8Array };
  /** The picture's own file, with what it says of itself. */
  openPicture: { args: [picture: string]; event: never; result: OpenedPicture };
  changePicture: {
    args: [
      picture: string,
      change: { readonly starred?: boolean | undefined; readonly board?: string | null | undefined },
    ];
    event: never;
    result: null;
  };
  removePicture: { args: [picture: string]; event: never; result: null };

  /** Reads the bytes of a PNG, JPEG, WebP or AVIF. */
  readImage: { args: [bytes: Uint8Array]; event: never; result: OpenedPicture };
  /** The same of a file that lies on the host. */
  readImageFile: { args: [path: string]; event: never; result: OpenedPicture };
  /** The bytes of an image file; `quality` 1 … 100 is for the lossy formats. */
  encodeImage: { args: [image: RgbaImage, format: ExportFormat, quality: number]; event: never; result: Uint8Array };

  /** Keeps the painting as it is, for after a crash. Tiles sent once need not be sent again. */
  autosave: { args: [painting: string, state: PaintingState]; event: never; result: null };
  recoverable: { args: []; event: never; result: readonly RecoverablePainting[] };
  recover: { args: [painting: string]; event: never; result: PaintingState };
  discard: { args: [painting: string]; event: never; result: null };

  /** Saves what was kept last as a project: to `path`, or under the painting's name in the host's folder. Returns the path. */
  saveProject: { args: [painting: string, path: string | null]; event: never; result: string };
  /** The project's file, to be downloaded. */
  projectFile: { args: [painting: string]; event: never; result: Uint8Array };
  openProject: { args: [path: string]; event: never; result: PaintingState };
  openProjectFile: { args: [bytes: Uint8Array]; event: never; result: PaintingState };

  /** The plan in the text of a file, whose name says of what kind it is. */
  readPlan: { args: [name: string, text: string]; event: never; result: BatchPlan };
  /** A plan as the text of a YAML file. */
  formatPlan: { args: [plan: BatchPlan]; event: never; result: string };
  /** How many pictures an order is for; refuses what makes no sense. */
  countBatch: { args: [order: BatchOrder]; event: never; result: BatchCount };
  /** How long it takes, measured with a few pictures. */
  forecastBatch: { args: [order: BatchOrder]; event: never; result: BatchForecast };
  /** Begins a batch, or goes on with it. It goes on without the window. */
  startBatch: { args: [order: BatchOrder]; event: never; result: null };
  stopBatch: { args: []; event: never; result: null };
  /** Tells of the batch until it is cancelled. */
  watchBatch: { args: []; event: BatchState; result: null };

  settings: { args: []; event: never; result: UserSettings };
  changeSettings: { args: [change: Partial<UserSettings>]; event: never; result: UserSettings };
}
