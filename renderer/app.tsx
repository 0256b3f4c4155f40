/**
 * The window.
 */
import { Group, Panel, Separator } from 'react-resizable-panels';

import { Announcer } from './panels/announcer.tsx';
import { BatchDialog } from './panels/batch/batch-dialog.tsx';

import { CanvasView } from './panels/canvas-view.tsx';
import { CommandPalette } from './panels/command-palette.tsx';
import {
  AboutDialog,
  ExportDialog,
  NewDialog,
  RecoveryDialog,
  SaveAsDialog,
  SettingsDialog,
} from './panels/dialogs.tsx';
import { ModelsDialog } from './panels/models/models-dialog.tsx';
import { Notices } from './panels/notices.tsx';
import { PromptBar } from './panels/prompt-bar.tsx';
import { Ruler } from './panels/rulers.tsx';
import { ShortcutSheet } from './panels/shortcut-sheet.tsx';
import { SidePanel } from './panels/side-panel.tsx';
import { StagingPanel } from './panels/staging-panel.tsx';
import { ToolBar } from './panels/tool-bar.tsx';
import { ToolOptions } from './panels/tool-options.tsx';
import { TopBar } from './panels/top-bar.tsx';
import { Tour } from './panels/tour.tsx';
import { useWords } from './text/words.ts';

export function App() {
  const words = useWords();
  return (
    <div className="flex h-full flex-col">
      <a href="#canvas" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-panel focus:p-2">
        {words.app.skipToCanvas}
      </a>
      <TopBar />
      <main className="flex min-h-0 flex-1">
        <ToolBar />
        <Group orientation="horizontal" className="min-w-0 flex-1">
          <Panel minSize="30%" className="flex min-w-0 flex-col">
            <ToolOptions />
            <div className="relative min-h-0 flex-1">
              <CanvasView />
              <Ruler axis="x" />
              <Ruler axis="y" />
              <span aria-hidden="true" className="absolute top-0 left-0 z-10 size-[18px] bg-panel" />
              <Notices />
            </div>
            <StagingPanel />
            <PromptBar />
          </Panel>
          <Separator className="w-px bg-line outline-offset-0 transition-colors hover:bg-accent data-[separator=active]:bg-accent" />
          <Panel defaultSize={288} minSize={220} maxSize={520}>
            <SidePanel />
          </Panel>
        </Group>
      </main>
      <Tour />
      <Announcer />
      <CommandPalette />
      <ShortcutSheet />
      <NewDialog />
      <SaveAsDialog />
      <ExportDialog />
      <BatchDialog />
      <SettingsDialog />
      <ModelsDialog />
      <AboutDialog />
      <RecoveryDialog />
    </div>
  );
}
