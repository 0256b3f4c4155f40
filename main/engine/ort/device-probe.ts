/**
 * Which execution providers work on this machine, and which one is taken. A provider that is not there makes
 * onnxruntime throw even when others follow it in the list, so each is tried on its own with a tiny graph.
 */
import { existsSync, readdirSync } from 'node:fs';
import { listSupportedBackends } from 'onnxruntime-node';
import { StudioError } from '../../../app/base/errors.ts';
import type { DeviceReport, EngineOptions } from '../../../app/contracts/engine-api.ts';
import type { Provider } from '../../../native-models/runtime.ts';
import { createOrtSession } from './ort-session.ts';
import { buildProbeModel, checkProbeSession } from './probe-model.ts';

/** Providers of each platform, best first. The processor is always the last. */
const PREFERENCE: Readonly<Partial<Record<NodeJS.Platform, readonly Provider[]>>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['cuda', 'dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
};

const NAMES: Readonly<Record<Provider, string>> = {
  cpu: 'the processor',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
  webgpu: 'WebGPU',
};

interface Finding {
  readonly usable: boolean;
  readonly reason: string;
}

const findings = new Map<Provider, Promise<Finding>>();

/**
 * The provider for `asked`; tries no more of them than it must.
 *
 * @throws StudioError `provider-unavailable` when one is asked for by name and does not work
 */
export async function chooseProvider(asked: EngineOptions['provider']): Promise<Provider> {
  if (asked === 'auto') return chooseBest();
  const { usable, reason } = await probe(asked);
  if (usable) return asked;
  throw new StudioError('provider-unavailable', `${NAMES[asked]} cannot be used on this machine: ${reason}`, {
    hint: 'Choose "auto" or "cpu" as the device.',
  });
}

/** Tries all providers. Throws as `chooseProvider` does. */
export async function reportDevices(asked: EngineOptions['provider']): Promise<DeviceReport> {
  const chosen = await chooseProvider(asked);
  const providers = [];
  for (const id of preference()) {
    const { usable, reason } = await probe(id);
    const passedOver = usable && id !== 'cpu' && !isHardware(id) ? ' It is software, so "auto" does not take it.' : '';
    providers.push({ id, usable, reason: reason + passedOver });
  }
  const reason =
    asked === 'auto' ? `${NAMES[chosen]} is the best that works here.` : `${NAMES[chosen]} was asked for and works.`;
  return { chosen, reason: reason.charAt(0).toUpperCase() + reason.slice(1), providers };
}

async function chooseBest(): Promise<Provider> {
  for (const provider of preference()) {
    if (isHardware(provider) && (await probe(provider)).usable) return provider;
  }
  return 'cpu';
}

function preference(): readonly Provider[] {
  return PREFERENCE[process.platform] ?? ['cpu'];
}

/**
 * False for WebGPU on a Linux machine without a graphics device, where it would be a Vulkan emulator on the processor.
 * The runtime does not tell what adapter it got.
 */
function isHardware(provider: Provider): boolean {
  if (provider !== 'webgpu' || process.platform !== 'linux') return true;
  if (existsSync('/dev/nvidia0')) return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
}

function probe(provider: Provider): Promise<Finding> {
  const known = findings.get(provider) ?? tryProvider(provider);
  findings.set(provider, known);
  return known;
}

async function tryProvider(provider: Provider): Promise<Finding> {
  if (!listSupportedBackends().some(({ name }) => name === provider)) {
    return { usable: false, reason: 'It is not part of onnxruntime for this system.' };
  }
  try {
    const session = await createOrtSession(buildProbeModel(), provider);
    try {
      await checkProbeSession(session);
    } finally {
      await session.dispose();
    }
    return { usable: true, reason: 'It works.' };
  } catch (error) {
    return { usable: false, reason: explain(provider, error) };
  }
}

/** What stands in the way, as far as onnxruntime's message tells. */
function explain(provider: Provider, error: unknown): string {
  const detail = (error instanceof StudioError && error.detail) || String(error);
  if (provider === 'webgpu' && /Failed to get a WebGPU adapter/.test(detail)) {
    return 'There is no graphics device, or no driver for it.';
  }
  if (provider === 'cuda' && /load (shared )?library/i.test(detail)) return 'The CUDA libraries are not installed.';
  return detail.trim().split('\n').at(-1) ?? detail;
}
