import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { anything, bytes, finite, integer, nothing, text, tuple } from '../../app/contracts/parse.ts';
import type { Contract } from '../../app/contracts/rpc.ts';
import { createNodeLauncher } from './node-launcher.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

interface NoArguments {
  args: [];
  event: never;
  result: number;
}

interface FixtureApi {
  pid: NoArguments;
  invert: { args: [Uint8Array]; event: never; result: Uint8Array };
  count: { args: [number]; event: number; result: string };
  wait: NoArguments;
  ignoreCancel: NoArguments;
  spin: NoArguments;
  exit: NoArguments;
  abort: NoArguments;
  disconnect: NoArguments;
  garbage: NoArguments;
}

const plain = { args: (value: unknown) => anything(value, '') as [], event: nothing, result: finite };

const CONTRACT: Contract<FixtureApi> = {
  pid: plain,
  invert: { args: tuple(bytes), event: nothing, result: bytes },
  count: { args: tuple(integer(0, 100)), event: finite, result: text },
  wait: plain,
  ignoreCancel: plain,
  spin: plain,
  exit: plain,
  abort: plain,
  disconnect: plain,
  garbage: plain,
};

const launch = createNodeLauncher(join(import.meta.dirname, 'testing/fixture-engine.mjs'));
const supervisors: Supervisor<FixtureApi>[] = [];

function supervise(options: Partial<SupervisorOptions> = {}): Supervisor<FixtureApi> {
  // The fixture greets with a message that a client does not take; it is reported, and that is all.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const supervisor = new Supervisor(CONTRACT, launch, options);
  supervisors.push(supervisor);
  return supervisor;
}

afterEach(async () => {
  await Promise.all(supervisors.splice(0).map((supervisor) => supervisor.dispose()));
  vi.restoreAllMocks();
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a healthy engine', () => {
  it('is started once and answers, streams and takes bytes', async () => {
    const supervisor = supervise();
    const [first, second] = await Promise.all([supervisor.call('pid', []), supervisor.call('pid', [])]);
    expect(second).toBe(first);
    expect(await supervisor.call('invert', [Uint8Array.of(1)])).toEqual(Uint8Array.of(254));
    const seen: number[] = [];
    expect(await supervisor.call('count', [4], { onEvent: (event) => void seen.push(event) })).toBe('done');
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('is gone when dispose returns, and calls are cancelled', async () => {
    const supervisor = supervise();
    const pid = await supervisor.call('pid', []);
    const waiting = supervisor.call('wait', []).catch((error: unknown) => error);
    await supervisor.dispose();
    expect(isAlive(pid)).toBe(false);
    expect(await waiting).toMatchObject({ code: 'cancelled' });
    await expect(supervisor.call('pid', [])).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a crash', () => {
  it('fails the running calls with what the engine said last, and the next call starts it again', async () => {
    const supervisor = supervise();
    const pid = await supervisor.call('pid', []);
    const bystander = supervisor.call('wait', []).catch((error: unknown) => error);
    await expect(supervisor.call('exit', [])).rejects.toMatchObject({
      code: 'engine-crashed',
      message: 'The engine stopped unexpectedly (exit code 3).',
      hint: expect.stringContaining('Try again'),
      detail: expect.stringContaining('the last words'),
    });
    expect(await bystander).toMatchObject({ code: 'engine-crashed' });
    expect(await supervisor.call('pid', [])).not.toBe(pid);
  });

  it('by SIGKILL names the signal', async () => {
    await expect(supervise().call('abort', [])).rejects.toMatchObject({
      code: 'engine-crashed',
      message: 'The engine stopped unexpectedly (signal SIGKILL).',
    });
  });

  it('is also an engine that hangs up', async () => {
    await expect(supervise().call('disconnect', [])).rejects.toMatchObject({ code: 'engine-crashed' });
  });

  it('while idle is found by the next call', async () => {
    const supervisor = supervise();
    const pid = await supervisor.call('pid', []);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    expect(await supervisor.call('pid', []).catch(() => supervisor.call('pid', []))).not.toBe(pid);
  });

  it('that repeats makes later starts wait, until a call succeeds', async () => {
    const supervisor = supervise({ backoffMs: 1000 });
    await supervisor.call('exit', []).catch(() => {});
    const once = performance.now();
    await supervisor.call('exit', []).catch(() => {});
    expect(performance.now() - once).toBeLessThan(1000);
    const twice = performance.now();
    await supervisor.call('pid', []);
    expect(performance.now() - twice).toBeGreaterThan(995);
    await supervisor.call('exit', []).catch(() => {});
    const again = performance.now();
    await supervisor.call('pid', []);
    expect(performance.now() - again).toBeLessThan(1000);
  });

  it('leaves a wait that can be cancelled', async () => {
    const supervisor = supervise({ backoffMs: 20_000 });
    for (let crash = 0; crash < 2; crash++) await supervisor.call('exit', []).catch(() => {});
    await expect(supervisor.call('pid', [], { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('is what an engine file that is missing ends in', async () => {
    const supervisor = new Supervisor(CONTRACT, createNodeLauncher('/nowhere/engine.mjs'));
    supervisors.push(supervisor);
    await expect(supervisor.call('pid', [])).rejects.toMatchObject({
      code: 'engine-crashed',
      detail: expect.stringContaining('/nowhere/engine.mjs'),
    });
  });
});

describe('cancelling', () => {
  it('is soft when the engine answers: the process stays', async () => {
    const supervisor = supervise();
    const pid = await supervisor.call('pid', []);
    await expect(supervisor.call('wait', [], { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await supervisor.call('pid', [])).toBe(pid);
  });

  it('kills an engine in a busy loop after the grace period', async () => {
    const supervisor = supervise({ graceMs: 200 });
    const pid = await supervisor.call('pid', []);
    const start = performance.now();
    const spinning = supervisor.call('spin', [], { signal: AbortSignal.timeout(50) });
    const bystander = supervisor.call('pid', []).catch((error: unknown) => error);
    await expect(spinning).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - start).toBeGreaterThan(245);
    expect(await bystander).toMatchObject({ code: 'engine-crashed', message: expect.stringContaining('restarted') });
    expect(await supervisor.call('pid', [])).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
  });

  it('does not kill the engine for a call that is not its turn yet', async () => {
    const supervisor = supervise({ graceMs: 50 });
    const pid = await supervisor.call('pid', []);
    const running = supervisor.call('wait', []).catch((error: unknown) => error);
    const queued = supervisor.call('ignoreCancel', [], { signal: AbortSignal.timeout(20) });
    await expect(queued).rejects.toMatchObject({ code: 'cancelled' });
    expect(await supervisor.call('pid', [])).toBe(pid);
    await supervisor.dispose();
    expect(await running).toMatchObject({ code: 'cancelled' });
  });
});

it('survives garbage', async () => {
  const supervisor = supervise();
  await expect(supervisor.call('garbage', [])).rejects.toMatchObject({ code: 'internal' });
  expect(await supervisor.call('pid', [])).toBeGreaterThan(0);
});
