/**
 * Starts the window: shows it at once, and connects it to the host while it is there.
 */
import './theme/theme.css';
import { createRoot } from 'react-dom/client';
import { startAutosave } from './actions/autosave.ts';
import { listenForClipboard } from './actions/clipboard.ts';
import { decodeShownVariants } from './actions/decode-variants.ts';
import { keepTools } from './actions/keep-tools.ts';
import { startLivePainting } from './actions/live.ts';
import { nameFirstPainting } from './actions/painting-files.ts';
import { App } from './app.tsx';
import { canvasIfOpen } from './canvas/open-canvas.ts';
import { listenForMenu } from './commands/menu.ts';
import { listenForShortcuts } from './commands/shortcuts.ts';
import { watchBatch } from './panels/batch/batch-store.ts';
import { watchInstalls } from './stores/manager-store.ts';
import { loadModels } from './stores/model-store.ts';
import { reportError } from './stores/notice-store.ts';
import { watchQueue } from './stores/queue-store.ts';
import { offerRecovery } from './stores/recovery-store.ts';
import { loadSettings } from './stores/settings-store.ts';
import { uiStore } from './stores/ui-store.ts';
import { followTheme } from './theme/theme.ts';
import { connectHost } from './transport/host.ts';

connectHost(() => uiStore.setState({ connected: false }));
followTheme(() => canvasIfOpen()?.themeChanged());
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
listenForShortcuts();
listenForClipboard();
listenForMenu();
startAutosave();
keepTools();
startLivePainting();
decodeShownVariants();
const STARTS = [
  () => loadSettings().then(nameFirstPainting),
  watchQueue,
  watchInstalls,
  watchBatch,
  loadModels,
  offerRecovery,
];
for (const start of STARTS) start().catch(reportError);
