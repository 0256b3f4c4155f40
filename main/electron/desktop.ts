/**
 * Entry of the desktop program.
 */
import { join } from 'node:path';
import { StudioHost } from '../host/studio-host.ts';
import { findPaths } from '../paths.ts';
import { runDesktop } from './electron-main.ts';
import { createUtilityLauncher } from './utility-launcher.ts';

const paths = findPaths();

// Not awaited: Electron is not ready before its entry has been evaluated to its end.
runDesktop({
  renderer: paths.page,
  preload: paths.preload,
  profile: join(paths.data, 'desktop'),
  openStudio: async () => {
    const host = await StudioHost.open({
      launcher: createUtilityLauncher,
      reportBadMessage: (error) => console.error(error),
    });
    return { host, close: () => host.close() };
  },
}).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
