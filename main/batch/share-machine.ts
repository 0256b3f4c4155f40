/**
 * How engines share the processors and the memory of a machine at one model.
 */
import type { EngineOptions, Footprint } from '../../app/contracts/engine-api.ts';
import type { Engine } from '../generate-pictures.ts';
import type { Studio } from '../studio.ts';
import type { BatchModel } from './prepare-batch.ts';

/** Engines that make pictures of a model side by side, and the model with the options that they all get. */
export interface Team {
  readonly engines: readonly Engine[];
  readonly model: BatchModel;
}

/** @param pictures how many there are to make */
export type AssembleTeam = (model: BatchModel, pictures: number) => Promise<Team>;

export interface Share extends Pick<EngineOptions, 'threads' | 'memoryBudget'> {
  readonly engines: number;
}

/**
 * As many engines as there are threads, as far as memory goes: pictures that wait for nobody take less of the processors than
 * one picture on all of them. Engines on a graphics card would only be in each other's way.
 *
 * @param most engines that there may be
 */
export function shareMachine(footprint: Footprint, most: number): Share {
  const { provider, threads, fixedBytes, pictureBytes, availableBytes } = footprint;
  const fitting = Math.floor(availableBytes / (fixedBytes + pictureBytes));
  const engines = provider === 'cpu' ? Math.max(1, Math.min(most, threads, fitting)) : 1;
  return { engines, threads: Math.floor(threads / engines), memoryBudget: Math.floor(availableBytes / engines) };
}

/** @param shared whether people paint meanwhile: then the engine that they paint with is the only one */
export function createTeams({ engine, engines }: Pick<Studio, 'engine' | 'engines'>, shared: boolean): AssembleTeam {
  return async (model, pictures) => {
    const alone = { engines: [engine], model };
    const most = shared ? 1 : Math.min(engines.length, pictures);
    if (most === 1) return alone;
    const footprint = await engine.call('footprint', [model.model.source, model.options]);
    const { engines: count, ...share } = shareMachine(footprint, most);
    if (count === 1) return alone;
    return { engines: engines.slice(0, count), model: { ...model, options: { ...model.options, ...share } } };
  };
}
