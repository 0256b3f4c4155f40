import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceReport } from '../../../app/contracts/engine-api.ts';
import { chooseProvider, reportDevices } from './device-probe.ts';

const CHROMIUM = '/usr/lib/chromium';
const SWIFTSHADER = join(CHROMIUM, 'vk_swiftshader_icd.json');
const hasGraphics = ['/dev/dri', '/dev/nvidia0'].some((path) => existsSync(path));
const isBareLinux = process.platform === 'linux' && !hasGraphics;

describe('devices', () => {
  it('always have a processor that works', async () => {
    expect(await chooseProvider('cpu')).toBe('cpu');
    const { providers } = await reportDevices('cpu');
    expect(providers.at(-1)).toEqual({ id: 'cpu', usable: true, reason: 'It works.' });
  });

  it('that do not exist on this system are refused with the reason', async () => {
    const foreign = process.platform === 'darwin' ? 'dml' : 'coreml';
    await expect(chooseProvider(foreign)).rejects.toMatchObject({
      code: 'provider-unavailable',
      message: expect.stringContaining('It is not part of onnxruntime for this system.'),
      hint: 'Choose "auto" or "cpu" as the device.',
    });
  });

  it.runIf(isBareLinux)('without graphics hardware leave the processor', async () => {
    expect(await reportDevices('auto')).toEqual({
      chosen: 'cpu',
      reason: 'The processor is the best that works here.',
      providers: [
        { id: 'cuda', usable: false, reason: 'The CUDA libraries are not installed.' },
        { id: 'webgpu', usable: false, reason: 'There is no graphics device, or no driver for it.' },
        { id: 'cpu', usable: true, reason: 'It works.' },
      ],
    });
  });
});

/** Debian's chromium brings a Vulkan loader and SwiftShader, a Vulkan device in software. */
describe.runIf(isBareLinux && existsSync(SWIFTSHADER))('a Vulkan device in software', () => {
  let folder: string;

  beforeAll(async () => {
    // The loader's path is read when a process starts, so the probe runs in one of its own.
    // It lies where the bundle finds the project's packages.
    const cache = join(import.meta.dirname, '../../../node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'underpaint-probe-'));
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: join(import.meta.dirname, '../testing/probe-process.ts'),
        outDir: folder,
        rollupOptions: { output: { entryFileNames: 'probe-process.mjs' } },
      },
    });
    symlinkSync(join(CHROMIUM, 'libvulkan.so.1'), join(folder, 'libvulkan.so.1'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  function report(asked: string): DeviceReport {
    const env = { ...process.env, VK_DRIVER_FILES: SWIFTSHADER, LD_LIBRARY_PATH: folder };
    const output = execFileSync(process.execPath, [join(folder, 'probe-process.mjs'), asked], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(output);
  }

  it('computes, but is not taken by itself', () => {
    const { chosen, providers } = report('auto');
    expect(chosen).toBe('cpu');
    expect(providers.find(({ id }) => id === 'webgpu')).toEqual({
      id: 'webgpu',
      usable: true,
      reason: 'It works. It is software, so "auto" does not take it.',
    });
  });

  it('is taken when asked for', () => {
    expect(report('webgpu')).toMatchObject({ chosen: 'webgpu', reason: 'WebGPU was asked for and works.' });
  });
});
