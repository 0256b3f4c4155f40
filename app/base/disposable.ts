/**
 * Whatever has a teardown. Disposing twice does nothing the second time.
 */
export interface Disposable {
  dispose(): void;
}

/** A disposable that runs `teardown` once. */
export function disposable(teardown: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      teardown();
    },
  };
}

/** Disposes all parts, the last one first. */
export function disposeTogether(...parts: readonly Disposable[]): Disposable {
  return disposable(() => {
    for (const part of parts.toReversed()) part.dispose();
  });
}
