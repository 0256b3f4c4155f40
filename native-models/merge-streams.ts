/**
 * Several streams at the same time.
 */

/**
 * Yields what the sources yield, as it comes; each source's own order is kept. At most `width` of them run at a time, the next one
 * begins when one ends. When one fails, or nobody wants more, the others are ended before this returns.
 */
export async function* mergeStreams<T>(sources: readonly AsyncGenerator<T>[], width: number): AsyncGenerator<T> {
  const waiting = [...sources];
  const running = new Map<AsyncGenerator<T>, Promise<Turn<T>>>();
  const advance = (source: AsyncGenerator<T> | undefined) => {
    if (!source) return;
    const turn = turnOf(source);
    // Its failure is looked at when its turn comes.
    turn.catch(() => {});
    running.set(source, turn);
  };
  try {
    for (let i = 0; i < width; i++) advance(waiting.shift());
    while (running.size > 0) {
      const { source, result } = await Promise.race(running.values());
      running.delete(source);
      if (result.done) {
        advance(waiting.shift());
      } else {
        // It goes on while the value is dealt with.
        advance(source);
        yield result.value;
      }
    }
  } finally {
    await Promise.allSettled([...running].map(([source, turn]) => turn.finally(() => source.return(undefined))));
  }
}

interface Turn<T> {
  readonly source: AsyncGenerator<T>;
  readonly result: IteratorResult<T>;
}

async function turnOf<T>(source: AsyncGenerator<T>): Promise<Turn<T>> {
  return { source, result: await source.next() };
}
