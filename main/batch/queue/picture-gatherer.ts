/**
 * Pictures that are asked for one by one, made together: what comes while the engine is busy is its next piece of work.
 */
import type { GenerationRequest } from '../../../app/generation/request.ts';
import { type Engine, generatePictures, type ReadyModel } from '../../generate-pictures.ts';
import type { Picture } from '../../jobs/write-picture.ts';

interface Asked {
  readonly request: GenerationRequest;
  resolve(picture: Picture): void;
  reject(error: unknown): void;
}

export class PictureGatherer {
  readonly #engine: Engine;
  readonly #ready: ReadyModel;
  readonly #signal: AbortSignal;
  #waiting: Asked[] = [];
  #working = false;

  constructor(engine: Engine, ready: ReadyModel, signal: AbortSignal) {
    this.#engine = engine;
    this.#ready = ready;
    this.#signal = signal;
  }

  /** Throws as `generatePictures`. */
  make(request: GenerationRequest): Promise<Picture> {
    const picture = new Promise<Picture>((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
    });
    if (!this.#working) void this.#work();
    return picture;
  }

  async #work(): Promise<void> {
    this.#working = true;
    // Those that come in the same moment are taken together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const piece = this.#waiting;
      this.#waiting = [];
      await this.#makeAll(piece);
    }
    this.#working = false;
  }

  /** When something goes wrong with several pictures, each is made alone, so that only the one to blame fails. */
  async #makeAll(piece: readonly Asked[]): Promise<void> {
    const made = new Set<Asked>();
    try {
      const requests = piece.map(({ request }) => request);
      await generatePictures(this.#engine, this.#ready, requests, {
        signal: this.#signal,
        onPicture: (index, picture) => {
          const asked = piece[index] as Asked;
          made.add(asked);
          asked.resolve(picture);
        },
      });
    } catch (error) {
      const left = piece.filter((asked) => !made.has(asked));
      if (piece.length > 1 && !this.#signal.aborted) for (const asked of left) await this.#makeAll([asked]);
      else for (const asked of left) asked.reject(error);
    }
  }
}
