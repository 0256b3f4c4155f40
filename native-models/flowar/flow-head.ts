/**
 * FlowAR's flow head at run time: what depends on time, and on the transformer's output, is computed once.
 */
import { type RotaryTable, rotaryTable, spreadPositions } from '../layers/rotary.ts';
import { firstRows } from '../layers/stack-cache.ts';
import { type Feeds, float32, floats, type HostTensor, type Runtime, type Session, targetOf } from '../runtime.ts';
import { SINUSOIDS, timestep, timestepSinusoids } from '../sampling/timestep.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';
import type { FlowArConfig, FlowArWeights } from './config.ts';
import { buildFlowCondition, buildTimes, buildVelocity } from './flow-graph.ts';
import { ROTARY_GRID } from './transformer.ts';

interface FlowSessions {
  readonly times: Session;
  readonly condition: Session;
  readonly velocity: Session;
}

export class FlowHead {
  readonly config: FlowArConfig;
  readonly #sessions: FlowSessions;
  readonly #rotary: readonly RotaryTable[];
  /** What the velocity graph is fed for each timestep. */
  readonly #times = new Map<number, Feeds>();

  private constructor(config: FlowArConfig, sessions: FlowSessions, frequencies: Float32Array) {
    this.config = config;
    this.#sessions = sessions;
    this.#rotary = config.sides.map((side) => rotaryTable(spreadPositions(side, ROTARY_GRID), frequencies));
  }

  static async load(weights: FlowArWeights, runtime: Runtime): Promise<FlowHead> {
    const target = targetOf(runtime);
    const frequencies = weights.index.entries.get('flownet.res_blocks.0.attn.rope.freqs') as TensorEntry;
    return new FlowHead(
      weights.config,
      {
        times: await runtime.createSession(buildTimes(target, weights)),
        condition: await runtime.createSession(buildFlowCondition(target, weights)),
        velocity: await runtime.createSession(buildVelocity(target, weights)),
      },
      await runtime.readFloats(frequencies),
    );
  }

  /**
   * Starts a scale.
   *
   * @param z (B, L, D), the transformer's output
   * @param times at which the velocity will be asked for
   */
  async begin(scale: number, z: HostTensor, times: readonly number[]): Promise<FlowScale> {
    await this.#prepare(times);
    const { cos, sin } = this.#rotary[scale] as RotaryTable;
    const tokens = z.shape[1] as number;
    const table = {
      cos: float32(cos, tokens, cos.length / tokens),
      sin: float32(sin, tokens, sin.length / tokens),
    };
    const condition = await this.#sessions.condition.run({ z, ...(this.config.flow.crossAttention && table) });
    return new FlowScale(this.#sessions.velocity, this.#times, { condition, table, channels: this.config.channels });
  }

  /** Runs the times that were not asked for before, all at once. */
  async #prepare(times: readonly number[]): Promise<void> {
    const steps = [...new Set(times.map(timestep))].filter((step) => !this.#times.has(step));
    if (steps.length === 0) return;
    const { blocks, width } = this.config.flow;
    const sinusoids = new Float32Array(steps.length * SINUSOIDS);
    for (const [i, step] of steps.entries()) sinusoids.set(timestepSinusoids(step), i * SINUSOIDS);
    const fetches = await this.#sessions.times.run({ sinusoids: float32(sinusoids, steps.length, SINUSOIDS) });
    const rows = (name: string, i: number) => {
      const data = floats(fetches, name);
      return data.slice((data.length / steps.length) * i, (data.length / steps.length) * (i + 1));
    };
    for (const [i, step] of steps.entries()) {
      const modulation = fetches.modulation && { modulation: float32(rows('modulation', i), blocks, 3, width) };
      this.#times.set(step, { time: float32(rows('time', i), 1, 1, width), ...modulation });
    }
  }

  async dispose(): Promise<void> {
    for (const session of Object.values(this.#sessions)) await session.dispose();
  }
}

interface ScaleFeeds {
  /** What depends on the transformer's output, of all rows. */
  readonly condition: Feeds;
  readonly table: Feeds;
  readonly channels: number;
}

/** The velocity of one scale. */
export class FlowScale {
  readonly #session: Session;
  readonly #times: ReadonlyMap<number, Feeds>;
  readonly #feeds: ScaleFeeds;

  constructor(session: Session, times: ReadonlyMap<number, Feeds>, feeds: ScaleFeeds) {
    this.#session = session;
    this.#times = times;
    this.#feeds = feeds;
  }

  /**
   * @param x (rows, L, Z): of all rows, or of the conditional one alone
   * @param time one of those that the scale was begun with
   * @returns (rows, L, Z), noise less data
   */
  async velocity(x: Float32Array, rows: number, time: number): Promise<Float32Array> {
    const { condition, table, channels } = this.#feeds;
    const own = Object.entries(condition).map(([name, tensor]) => [name, firstRows(tensor, rows)]);
    const fetches = await this.#session.run({
      x: float32(x, rows, x.length / rows / channels, channels),
      ...(this.#times.get(timestep(time)) as Feeds),
      ...Object.fromEntries(own),
      ...table,
    });
    return floats(fetches, 'velocity');
  }
}
