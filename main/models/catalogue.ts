/**
 * The catalogue as this machine sees it: what is offered, what is here already, what would fit, how long it would take.
 */
import { access } from 'node:fs/promises';
import { StudioError } from '../../app/base/errors.ts';
import { nearest } from '../../app/base/nearest.ts';
import { licenseOf, needsConsent, type PublishedModel, totalSize } from '../../app/catalog/published-model.ts';
import { PUBLISHED_MODELS } from '../../app/catalog/published-models.ts';
import { PRECISIONS } from '../../app/contracts/engine-api.ts';
import type { AvailableModel, MemoryNeed } from '../../app/contracts/models-api.ts';
import { memoryOfFiles, totalNeed } from '../../native-models/memory.ts';
import { FAMILY_IDS } from '../../native-models/registry.ts';
import { hostOf, placeOf } from './file-places.ts';

/**
 * What pipelines reach, as a share of the speed that is measured: a picture of VAR-d16 takes 4.9 s where that is 155 GFLOP/s
 * (README, Numbers). Convolutions are done with fewer operations than are counted.
 */
const EFFICIENCY = 1.2;
const SUGGESTIONS = 3;

export interface Machine {
  readonly modelsFolder: string;
  /** Ids of installed models. */
  readonly installed: ReadonlySet<string>;
  /** Bytes that models may take in memory. */
  readonly memoryBudget: number;
  /** Floating-point operations a second, or undefined before they are known. */
  readonly speed: number | undefined;
}

/** Cards of families that can be loaded. */
export function offeredModels(): readonly PublishedModel[] {
  return PUBLISHED_MODELS.filter(({ family }) => FAMILY_IDS.includes(family));
}

/** Throws `unknown-model` with what may have been meant. */
export function findOffered(id: string): PublishedModel {
  const offered = offeredModels();
  const found = offered.find((model) => model.id.toLowerCase() === id.toLowerCase());
  if (found) return found;
  const meant = nearest(
    id,
    offered.map((model) => model.id),
    SUGGESTIONS,
  );
  throw new StudioError('unknown-model', `The catalogue has no model "${id}".`, {
    hint: meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : 'See: underpaint models available',
  });
}

export async function describeAvailable(model: PublishedModel, machine: Machine): Promise<AvailableModel> {
  const { id, name, family, subject, width, height, parameters, about } = model;
  const license = licenseOf(model);
  const size = totalSize(model);
  return {
    id,
    name,
    family,
    subject,
    width,
    height,
    parameters,
    size,
    missing: await missingBytes(model, machine.modelsFolder),
    files: model.files.map((file) => ({ name: file.name, host: hostOf(file), size: file.size })),
    memory: memoryNeeds(size, machine.memoryBudget),
    seconds: machine.speed ? (model.teraflops * 1e12) / (machine.speed * EFFICIENCY) : null,
    license,
    needsConsent: needsConsent(license),
    about,
    installed: machine.installed.has(id),
  };
}

/** @param fileBytes of the checkpoint files together */
export function memoryNeeds(fileBytes: number, budget: number): MemoryNeed[] {
  const memory = memoryOfFiles(fileBytes);
  return PRECISIONS.map((precision) => {
    const bytes = totalNeed(memory.need(precision));
    return { precision, bytes, fits: bytes <= budget };
  });
}

async function missingBytes({ files }: PublishedModel, modelsFolder: string): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      access(placeOf(modelsFolder, file)).then(
        () => 0,
        () => file.size,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
