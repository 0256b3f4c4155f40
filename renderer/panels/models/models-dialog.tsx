/**
 * The model manager: what is here, what could be, what is on its way.
 */
import { Tabs } from 'radix-ui';
import { type JSX, useEffect } from 'react';
import { useStore } from 'zustand';
import { MANAGER_TABS, type ManagerTab, managerStore, refresh } from '../../stores/manager-store.ts';
import { openDialog, uiStore } from '../../stores/ui-store.ts';
import { useWords } from '../../text/words.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { AddFiles } from './add-files.tsx';
import { AvailableList } from './available-list.tsx';
import { InstalledList } from './installed-list.tsx';
import { InstallsList } from './installs-list.tsx';
import { ManagerSettings } from './manager-settings.tsx';
import { ModelDetailsView } from './model-details.tsx';
import { Problem } from './problem.tsx';
import { WorkProgress } from './work-progress.tsx';

const PANELS: Readonly<Record<ManagerTab, () => JSX.Element>> = {
  installed: InstalledTab,
  available: AvailableList,
  add: AddFiles,
  settings: ManagerSettings,
};

export function ModelsDialog() {
  const words = useWords().models;
  const open = useStore(uiStore, ({ dialog }) => dialog === 'models');
  const tab = useStore(managerStore, (state) => state.tab);
  useEffect(() => {
    if (open) refresh();
  }, [open]);
  return (
    <Dialog wide title={words.title} open={open} onClose={() => openDialog(null)}>
      <Problem />
      <InstallsList />
      <WorkProgress />
      <Tabs.Root
        value={tab}
        onValueChange={(value) => managerStore.setState({ tab: value as ManagerTab, shown: null, problem: null })}
      >
        <Tabs.List className="mb-3 flex border-line border-b" aria-label={words.title}>
          {MANAGER_TABS.map((id) => (
            <Tabs.Trigger
              key={id}
              value={id}
              className="h-9 flex-1 border-transparent border-b-2 text-muted data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink"
            >
              {words.tabs[id]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {MANAGER_TABS.map((id) => {
          const Panel = PANELS[id];
          return (
            <Tabs.Content key={id} value={id} className="h-[52vh] overflow-y-auto px-1 pb-1">
              <Panel />
            </Tabs.Content>
          );
        })}
      </Tabs.Root>
    </Dialog>
  );
}

function InstalledTab() {
  const shown = useStore(managerStore, (state) => state.shown);
  return shown === null ? <InstalledList /> : <ModelDetailsView id={shown} />;
}
