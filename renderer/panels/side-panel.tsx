/**
 * Layers, queue and gallery, one at a time.
 */
import { Tabs } from 'radix-ui';
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { queueStore } from '../stores/queue-store.ts';
import { SIDE_PANELS, type SidePanel as SidePanelId, showSide, uiStore } from '../stores/ui-store.ts';
import { useWords } from '../text/words.ts';
import { GalleryPanel } from './gallery-panel.tsx';
import { LayersPanel } from './layers-panel.tsx';
import { QueuePanel } from './queue-panel.tsx';

const PANELS: Readonly<Record<SidePanelId, () => JSX.Element>> = {
  layers: LayersPanel,
  queue: QueuePanel,
  gallery: GalleryPanel,
};

export function SidePanel() {
  const words = useWords();
  const side = useStore(uiStore, (state) => state.side);
  const waiting = useStore(
    queueStore,
    ({ jobs }) => jobs.filter(({ state }) => state === 'waiting' || state === 'running').length,
  );
  return (
    <Tabs.Root
      value={side}
      onValueChange={(value) => showSide(value as SidePanelId)}
      className="flex h-full min-h-0 flex-col bg-panel"
    >
      <Tabs.List
        className="flex h-11 shrink-0 items-center gap-1 border-line border-b px-2"
        aria-label={words.app.name}
      >
        {SIDE_PANELS.map((id) => (
          <Tabs.Trigger
            key={id}
            value={id}
            className="h-7 flex-1 rounded-md font-medium text-muted transition-colors hover:text-ink data-[state=active]:bg-raised data-[state=active]:text-ink"
          >
            {words[id].title}
            {id === 'queue' && waiting > 0 && (
              <span className="ml-1.5 rounded-full bg-accent px-1.5 text-2xs text-on-accent tabular-nums">
                {waiting}
              </span>
            )}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {SIDE_PANELS.map((id) => {
        const Panel = PANELS[id];
        return (
          <Tabs.Content key={id} value={id} className="min-h-0 flex-1">
            <Panel />
          </Tabs.Content>
        );
      })}
    </Tabs.Root>
  );
}
