/**
 * xAR's transformer at run time: sessions, and the state of one picture in the making.
 */
import { type RotaryTable, rotaryTable } from '../layers/rotary.ts';
import { StackCache } from '../layers/stack-cache.ts';
import {
  type Feeds,
  float32,
  floats,
  type HostTensor,
  int64,
  type Runtime,
  type Session,
  targetOf,
} from '../runtime.ts';
import { SINUSOIDS, timestep, timestepSinusoids } from '../sampling/timestep.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';
import { cellPositions } from './cells.ts';
import { CELLS, cellTokens, type XarConfig, type XarWeights } from './config.ts';
import { buildBlocks, buildModulation } from './transformer-graph.ts';

/** Rows and columns of the grid of rotary positions. */
const ROTARY_GRID = 16;
/** The time of what is finished. */
const CLEAN = 0;

interface TransformerSessions {
  readonly modulation: Session;
  readonly blocks: Session;
}

export class Transformer {
  readonly config: XarConfig;
  readonly sessions: TransformerSessions;
  /** Of each cell. */
  readonly rotary: readonly RotaryTable[];

  private constructor(config: XarConfig, sessions: TransformerSessions, frequencies: Float32Array) {
    this.config = config;
    this.sessions = sessions;
    const scale = ROTARY_GRID / config.size;
    const positions = cellPositions(config.size).map(({ row, column }) => ({
      row: row * scale,
      column: column * scale,
    }));
    const tokens = cellTokens(config);
    this.rotary = Array.from({ length: CELLS }, (_, cell) =>
      rotaryTable(positions.slice(cell * tokens, (cell + 1) * tokens), frequencies),
    );
  }

  static async load(weights: XarWeights, runtime: Runtime): Promise<Transformer> {
    const target = targetOf(runtime);
    const frequencies = weights.index.entries.get('encoder_blocks.0.attn.rope.freqs') as TensorEntry;
    return new Transformer(
      weights.config,
      {
        modulation: await runtime.createSession(buildModulation(target, weights)),
        blocks: await runtime.createSession(buildBlocks(target, weights)),
      },
      await runtime.readFloats(frequencies),
    );
  }

  /**
   * Starts a picture.
   *
   * @param labels of each row; `config.classes` stands for "no class"
   */
  begin(labels: readonly number[]): TransformerState {
    return new TransformerState(this, labels);
  }

  async dispose(): Promise<void> {
    for (const session of Object.values(this.sessions)) await session.dispose();
  }
}

/** One picture in the making: the keys and values of the cells that are done, and the modulations of a cell's times. */
export class TransformerState {
  readonly #transformer: Transformer;
  readonly #labels: readonly number[];
  #cache: StackCache;
  #cells = 0;
  /** (blocks, T·B, 6, D) of the timesteps, in order. */
  #modulation: { readonly steps: readonly number[]; readonly data: Float32Array } = {
    steps: [],
    data: new Float32Array(0),
  };

  constructor(transformer: Transformer, labels: readonly number[]) {
    this.#transformer = transformer;
    this.#labels = labels;
    this.#cache = StackCache.empty(transformer.config, labels.length);
  }

  /** Gets ready for the next cell. @param times at which its velocity will be asked for */
  async prepare(times: readonly number[]): Promise<void> {
    const steps = [...new Set([CLEAN, ...times].map(timestep))];
    const sinusoids = new Float32Array(steps.length * SINUSOIDS);
    for (const [i, step] of steps.entries()) sinusoids.set(timestepSinusoids(step), i * SINUSOIDS);
    const fetches = await this.#transformer.sessions.modulation.run({
      labels: int64(this.#labels, this.#labels.length),
      sinusoids: float32(sinusoids, steps.length, SINUSOIDS),
    });
    this.#modulation = { steps, data: floats(fetches, 'modulation') };
  }

  /**
   * The velocity of the next cell.
   *
   * @param x (rows, L, Z): of all rows, or of the conditional one alone
   * @param time one of those that the cell was prepared for
   * @returns (rows, L, Z), noise less data
   */
  async velocity(x: Float32Array, rows: number, time: number): Promise<Float32Array> {
    const fetches = await this.#run(x, rows, time, ['velocity']);
    return floats(fetches, 'velocity');
  }

  /** Takes the next cell, (L, Z), as finished: the cells after it see it. The state must be prepared. */
  async finish(cell: Float32Array): Promise<void> {
    const rows = this.#labels.length;
    const x = new Float32Array(rows * cell.length);
    for (let row = 0; row < rows; row++) x.set(cell, row * cell.length);
    this.#cache = this.#cache.after(await this.#run(x, rows, CLEAN, this.#cache.outputs));
    this.#cells++;
  }

  #run(x: Float32Array, rows: number, time: number, wanted: readonly string[]) {
    const { config, rotary, sessions } = this.#transformer;
    const tokens = cellTokens(config);
    const { cos, sin } = rotary[this.#cells] as RotaryTable;
    const range = Array.from({ length: tokens }, (_, i) => this.#cells * tokens + i);
    const feeds: Feeds = {
      x: float32(x, rows, tokens, config.channels),
      range: int64(range, tokens),
      modulation: this.#modulationAt(time, rows),
      cos: float32(cos, tokens, cos.length / tokens),
      sin: float32(sin, tokens, sin.length / tokens),
      ...this.#cache.firstRows(rows).feeds,
    };
    return sessions.blocks.run(feeds, wanted);
  }

  /** (blocks, rows, 6, D) */
  #modulationAt(time: number, rows: number): HostTensor {
    const { encoderBlocks, decoderBlocks, width } = this.#transformer.config;
    const { steps, data } = this.#modulation;
    const blocks = encoderBlocks + decoderBlocks;
    const row = 6 * width;
    const place = steps.indexOf(timestep(time)) * this.#labels.length * row;
    const result = new Float32Array(blocks * rows * row);
    for (let block = 0; block < blocks; block++) {
      const start = (data.length / blocks) * block + place;
      result.set(data.subarray(start, start + rows * row), block * rows * row);
    }
    return float32(result, blocks, rows, 6, width);
  }
}
