/**
 * The settings with which VAR's authors edit pictures.
 * Source: FoundationVision/VAR `demo_zero_shot_edit.ipynb` (commit 78b9539).
 */
import type { ModelDescription, Settings } from '../generation/request.ts';

const SETTINGS: Settings = { cfg: 3, top_k: 900, top_p: 0.95, more_smooth: true };

/** Those of them that the model has, within its limits. */
export function authorsSettings({ settings }: Pick<ModelDescription, 'settings'>): Settings {
  const entries = settings.flatMap((spec) => {
    const value = SETTINGS[spec.id];
    if (value === undefined) return [];
    return [[spec.id, spec.kind === 'number' ? Math.min(spec.max, Number(value)) : value] as const];
  });
  return Object.fromEntries(entries);
}
