import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disposable } from '../base/disposable.ts';
import { StudioError } from '../base/errors.ts';
import type { Port } from './port.ts';
import type { Client } from './rpc.ts';
import { connect } from './rpc-client.ts';
import type { RpcMessage } from './rpc-message.ts';
import { failToServe, serve } from './rpc-server.ts';
import { createMemoryPorts } from './testing/memory-ports.ts';
import { createSampleHandlers, SAMPLE_CONTRACT, type SampleApi } from './testing/sample-api.ts';

const closedError = () => new StudioError('engine-crashed', 'gone');

let serverPort: Port;
let clientPort: Port;
let server: Disposable;
let client: Client<SampleApi>;
let bad: StudioError[];

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

beforeEach(() => {
  bad = [];
  [serverPort, clientPort] = createMemoryPorts();
  server = serve(SAMPLE_CONTRACT, createSampleHandlers(), serverPort, (error) => bad.push(error));
  client = connect(SAMPLE_CONTRACT, clientPort, { closedError, reportBadMessage: (error) => bad.push(error) });
});

afterEach(() => {
  client.dispose();
  server.dispose();
});

describe('calls', () => {
  it('returns results, side by side', async () => {
    expect(await Promise.all([client.call('add', [1, 2]), client.call('add', [3, 4])])).toEqual([3, 7]);
  });

  it('carries typed arrays', async () => {
    expect(await client.call('invert', [Uint8Array.of(0, 1, 255)])).toEqual(Uint8Array.of(255, 254, 0));
  });

  it('carries errors with code, hint and detail', async () => {
    await expect(client.call('fail', ['no'])).rejects.toMatchObject({
      name: 'StudioError',
      code: 'bad-request',
      message: 'no',
      hint: 'Do not.',
      detail: 'inner',
    });
  });

  it('refuses arguments of the wrong type and names their place', async () => {
    const args = [1, 'two'] as unknown as [number, number];
    await expect(client.call('add', args)).rejects.toThrow('add args[1] must be a number.');
  });

  it('refuses methods that are not there, inherited ones too', async () => {
    for (const method of ['subtract', 'toString', '__proto__']) {
      const replies: unknown[] = [];
      const listening = clientPort.onMessage((message) => replies.push(message));
      clientPort.post({ kind: 'request', id: 77, method, args: [] });
      await turn();
      listening.dispose();
      expect(replies).toMatchObject([{ kind: 'error', id: 77, error: { code: 'bad-request' } }]);
    }
  });

  it('fails when a result cannot be sent or has the wrong type', async () => {
    await expect(client.call('odd', ['function'])).rejects.toMatchObject({ code: 'internal' });
    await expect(client.call('odd', ['text'])).rejects.toMatchObject({
      code: 'internal',
      detail: 'odd result must be a number.',
    });
    expect(await client.call('add', [1, 1])).toBe(2);
  });

  it('fails when arguments cannot be sent', async () => {
    await expect(client.call('add', [(() => 1) as unknown as number, 1])).rejects.toThrow();
    expect(await client.call('add', [1, 1])).toBe(2);
  });
});

describe('events', () => {
  it('come in order and before the result', async () => {
    const seen: (number | string)[] = [];
    seen.push(await client.call('count', [5], { onEvent: (event) => void seen.push(event) }));
    expect(seen).toEqual([0, 1, 2, 3, 4, 'done']);
  });

  it('wait for the listener: one is under way at a time', async () => {
    const sent: number[] = [];
    clientPort.onMessage((message) => {
      const { kind, sequence } = message as { kind: string; sequence: number };
      if (kind === 'event') sent.push(sequence);
    });
    let proceed = () => {};
    const onEvent = () => new Promise<void>((resolve) => (proceed = resolve));
    const call = client.call('count', [3], { onEvent });
    for (let expected = 1; expected <= 3; expected++) {
      await turn();
      expect(sent).toHaveLength(expected);
      proceed();
    }
    expect(await call).toBe('done');
  });

  it('marked as latest replace the unsent one', async () => {
    const seen: number[] = [];
    await client.call('latest', [100], { onEvent: (event) => void seen.push(event) });
    expect(seen).toEqual([0, 99]);
  });

  it('fail the call when the listener fails, and cancel it', async () => {
    const onEvent = () => {
      throw new Error('disk full');
    };
    await expect(client.call('count', [3], { onEvent })).rejects.toThrow('disk full');
    expect(await client.call('add', [1, 1])).toBe(2);
  });
});

describe('cancelling', () => {
  it('aborts the handler, whose answer ends the call', async () => {
    const stop = new AbortController();
    const call = client.call('wait', [], { signal: stop.signal });
    await turn();
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('ends a call that nobody listens to any more', async () => {
    const stop = new AbortController();
    const onEvent = () => new Promise<void>(() => {});
    const call = client.call('count', [3], { signal: stop.signal, onEvent });
    await turn();
    stop.abort();
    expect(await call).toBe('done');
  });

  it('does not start a call that is cancelled already', async () => {
    await expect(client.call('add', [1, 2], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

describe('the end of a port', () => {
  it('fails running and later calls with the chosen error', async () => {
    const call = client.call('wait', []);
    serverPort.close();
    await expect(call).rejects.toMatchObject({ code: 'engine-crashed', message: 'gone' });
    await expect(client.call('add', [1, 2])).rejects.toMatchObject({ code: 'engine-crashed' });
  });

  it('aborts the handlers', async () => {
    let aborted = false;
    const [left, right] = createMemoryPorts();
    const handlers = createSampleHandlers();
    serve(
      SAMPLE_CONTRACT,
      { ...handlers, add: async ({ signal }) => new Promise(() => (signal.onabort = () => (aborted = true))) },
      left,
      () => {},
    );
    right.post({ kind: 'request', id: 0, method: 'add', args: [1, 2] });
    await turn();
    right.close();
    await turn();
    expect(aborted).toBe(true);
  });

  it('fails all calls when the server cannot start', async () => {
    const [left, right] = createMemoryPorts();
    const other = connect(SAMPLE_CONTRACT, right, { closedError, reportBadMessage: () => {} });
    const early = other.call('add', [1, 2]);
    failToServe(new StudioError('session-failed', 'no runtime'), left);
    await expect(early).rejects.toMatchObject({ code: 'session-failed', message: 'no runtime' });
    await expect(other.call('add', [1, 2])).rejects.toMatchObject({ code: 'session-failed' });
  });
});

describe('garbage', () => {
  const kinds = ['request', 'cancel', 'ack', 'event', 'reply', 'error', 'init-failure', 'toString'];
  const almost = fc.record(
    {
      kind: fc.oneof(fc.constantFrom(...kinds), fc.anything()),
      id: fc.oneof(fc.integer({ min: 1000 }), fc.anything()),
      method: fc.oneof(fc.constantFrom('add', '__proto__'), fc.anything()),
      args: fc.oneof(fc.array(fc.anything()), fc.anything()),
      sequence: fc.anything(),
      event: fc.anything(),
      error: fc.anything(),
    },
    { requiredKeys: [] },
  );

  it('reaches neither a handler nor a caller, and the port goes on working', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(almost, fc.anything()), async (message) => {
        const [left, right] = createMemoryPorts();
        serve(SAMPLE_CONTRACT, createSampleHandlers(), left, () => {});
        const other = connect(SAMPLE_CONTRACT, right, { closedError, reportBadMessage: () => {} });
        left.post(message);
        right.post(message);
        const failedInit = (message as RpcMessage | null)?.kind === 'init-failure';
        const sum = other.call('add', [2, 3]).catch((error: StudioError) => error.message);
        if (!failedInit) expect(await sum).toBe(5);
        other.dispose();
      }),
      { numRuns: 300 },
    );
  });

  it('fails the call that it belongs to, and the server is told to stop it', async () => {
    const [left, right] = createMemoryPorts();
    const received: unknown[] = [];
    left.onMessage((message) => received.push(message));
    const other = connect(SAMPLE_CONTRACT, right, { closedError, reportBadMessage: (error) => bad.push(error) });
    const call = other.call('add', [1, 2]);
    left.post({ kind: 'error', id: 0, error: 'text' });
    await expect(call).rejects.toMatchObject({ code: 'internal', detail: 'message.error must be a record.' });
    left.post({ kind: 'reply' });
    await turn();
    expect(received.at(-1)).toEqual({ kind: 'cancel', id: 0 });
    expect(bad.map(({ message }) => message)).toEqual([expect.stringContaining('message.id must be')]);
  });
});
