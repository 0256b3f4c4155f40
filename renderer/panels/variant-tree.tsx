/**
 * All variants of the painting: each below the one that it branches from.
 */
import { ListTree } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useStore } from 'zustand';
import { showVariant, stagingStore, type Variant } from '../stores/staging-store.ts';
import { useWords } from '../text/words.ts';
import { Picture } from '../widgets/picture.tsx';
import { BranchOf } from './branch-of.tsx';

const SIDE = 40;
const INDENT = 18;

interface TreeRow {
  readonly variant: Variant;
  readonly depth: number;
}

/** Parents before their branches, in the order in which they were made. A branch whose parent is gone is a root. */
export function treeRows(variants: readonly Variant[]): TreeRow[] {
  const known = new Set(variants.map(({ id }) => id));
  const below = (parent: string | null, depth: number): TreeRow[] =>
    variants
      .filter((variant) => (variant.parent !== null && known.has(variant.parent) ? variant.parent : null) === parent)
      .flatMap((variant) => [{ variant, depth }, ...below(variant.id, depth + 1)]);
  return below(null, 0);
}

export function VariantTree() {
  const words = useWords().staging;
  const { variants, current } = useStore(stagingStore);
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={words.tree}
        title={words.tree}
        className="inline-flex size-6 items-center justify-center rounded-md hover:bg-raised"
      >
        <ListTree size={14} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          sideOffset={6}
          className="z-30 max-h-[60vh] w-80 overflow-y-auto rounded-xl border border-edge bg-panel p-2 shadow-xl"
        >
          <h2 className="px-1 pb-1 font-semibold">{words.variants}</h2>
          <ul>
            {treeRows(variants).map(({ variant, depth }) => (
              <li key={variant.id} style={{ paddingLeft: depth * INDENT }}>
                <button
                  type="button"
                  aria-current={variant.id === current}
                  className={`flex w-full items-center gap-2 rounded-md border p-1 text-left ${variant.id === current ? 'border-accent bg-raised' : 'border-transparent hover:bg-raised'}`}
                  onClick={() => showVariant(variant.id)}
                >
                  <Picture image={variant.image} alt="" side={SIDE} className="rounded" />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{variant.title}</span>
                    <span className="block truncate text-2xs text-muted">
                      {variant.parent === null ? variant.request.seed : <BranchOf variant={variant} />}
                    </span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
