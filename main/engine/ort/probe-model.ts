/**
 * The smallest graph that tells whether a provider computes: y = x·I + 1 for a (1, 2) input.
 */
import { GraphBuilder } from '../../../native-models/graph/graph-builder.ts';
import type { OnnxModel } from '../../../native-models/graph/onnx-model.ts';
import { float32, floats, type Session } from '../../../native-models/runtime.ts';

export function buildProbeModel(): OnnxModel {
  const g = new GraphBuilder('device-probe', 'gpu');
  const x = g.input('x', 'float32', [1, 2]);
  const identity = g.floats([1, 0, 0, 1], 2, 2);
  const product = g.node('MatMul', [x, identity], x);
  g.output('y', g.node('Add', [product, g.floats([1, 1], 1, 2)], x));
  return g.build();
}

/** Throws when the session computes something else. */
export async function checkProbeSession(session: Session): Promise<void> {
  const y = floats(await session.run({ x: float32(Float32Array.of(2, 3), 1, 2) }), 'y');
  if (y[0] !== 3 || y[1] !== 4) throw new RangeError(`2 + 1 and 3 + 1 came out as ${y.join(' and ')}.`);
}
