/**
 * Where a variant branches off.
 */
import type { Variant } from '../stores/staging-store.ts';
import { useStepNoun } from '../text/step-noun.ts';
import { useWords } from '../text/words.ts';

export function BranchOf({ variant }: { readonly variant: Variant }) {
  const words = useWords().steps;
  const noun = useStepNoun(variant.request.model, variant.plan !== undefined);
  return words.branchOf(noun, variant.branchStep);
}
