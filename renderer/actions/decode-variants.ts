/**
 * Decodes variants that came from a file when they are looked at.
 */

import { withoutAlpha } from '../../app/imaging/rgba.ts';
import { reportError } from '../stores/notice-store.ts';
import { completeVariant, currentVariant, stagingStore, type Variant } from '../stores/staging-store.ts';
import { host } from '../transport/host.ts';

/** As long as the window lives. */
export function decodeShownVariants(): void {
  const asked = new Set<string>();
  stagingStore.subscribe((state) => {
    const variant = currentVariant(state);
    if (!variant || variant.decoded || asked.has(variant.id)) return;
    asked.add(variant.id);
    decode(variant).catch(reportError);
  });
}

async function decode({ id, request, tokens, plan, picture }: Variant): Promise<void> {
  if (plan) {
    if (picture !== null) completeVariant(id, withoutAlpha((await host('openPicture', [picture])).image));
    return;
  }
  const { tokensPerStep } = await host('describe', [request.model]);
  completeVariant(id, await host('decode', [request.model, tokens, tokensPerStep.length]));
}
