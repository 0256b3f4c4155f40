/**
 * How fast this machine multiplies matrices: what times of models that are not here yet are estimated from.
 */
import { GraphBuilder } from '../../native-models/graph/graph-builder.ts';
import type { OnnxModel } from '../../native-models/graph/onnx-model.ts';
import { matmul } from '../../native-models/graph/ops.ts';
import { float32, type Session } from '../../native-models/runtime.ts';

/** As in a block of a large transformer. */
const [ROWS, INNER, COLUMNS] = [680, 1024, 2048] as const;
const RUNS = 3;

/** @returns floating-point operations a second, of the best of a few runs */
export async function measureSpeed(createSession: (model: OnnxModel) => Promise<Session>): Promise<number> {
  const g = new GraphBuilder('speed', 'cpu');
  const x = g.input('x', 'float32', [ROWS, INNER]);
  const weight = g.input('weight', 'float32', [INNER, COLUMNS]);
  g.output('y', matmul(g, x, weight));
  const session = await createSession(g.build());
  try {
    const feeds = {
      x: float32(new Float32Array(ROWS * INNER).fill(0.5), ROWS, INNER),
      weight: float32(new Float32Array(INNER * COLUMNS).fill(0.5), INNER, COLUMNS),
    };
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run <= RUNS; run++) {
      const start = performance.now();
      await session.run(feeds);
      // The first run makes room for its tensors.
      if (run > 0) best = Math.min(best, performance.now() - start);
    }
    return (2 * ROWS * INNER * COLUMNS * 1000) / best;
  } finally {
    await session.dispose();
  }
}
