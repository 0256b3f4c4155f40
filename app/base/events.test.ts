import { describe, expect, it } from 'vitest';
import { Emitter } from './events.ts';

describe('Emitter', () => {
  it('calls listeners in order until they are disposed', () => {
    const seen: string[] = [];
    const emitter = new Emitter<number>();
    const first = emitter.on((value) => seen.push(`a${value}`));
    emitter.on((value) => seen.push(`b${value}`));
    emitter.fire(1);
    first.dispose();
    emitter.fire(2);
    expect(seen).toEqual(['a1', 'b1', 'b2']);
  });

  it('keeps two registrations of one listener apart', () => {
    let calls = 0;
    const emitter = new Emitter<void>();
    const count = () => calls++;
    emitter.on(count);
    emitter.on(count).dispose();
    emitter.fire();
    expect(calls).toBe(1);
  });

  it('calls the others too when a listener throws, and throws its error', () => {
    let reached = false;
    const emitter = new Emitter<void>();
    emitter.on(() => {
      throw new Error('first');
    });
    emitter.on(() => {
      reached = true;
    });
    expect(() => emitter.fire()).toThrow('first');
    expect(reached).toBe(true);
  });
});
