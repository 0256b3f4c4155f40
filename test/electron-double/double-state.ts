/**
 * What a test sets up and sees of the double; one for each copy of the `electron/main` module.
 */
import type { Browser, BrowserContext } from 'playwright-core';
import type { PageScripts } from './build-scripts.ts';

export interface Display {
  readonly id: number;
  readonly workArea: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** A dialog that was shown. */
export interface ShownDialog {
  readonly kind: 'open' | 'save' | 'message' | 'error';
  readonly options: unknown;
}

export const doubleState = {
  browser: undefined as Browser | undefined,
  context: undefined as BrowserContext | undefined,
  scripts: undefined as PageScripts | undefined,
  displays: [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] as readonly Display[],
  /** What the coming dialogs answer, in order. */
  answers: [] as unknown[],
  shown: [] as ShownDialog[],
  openedOutside: [] as string[],
  /** Windows that pages may open. The double only notes them. */
  allowedWindows: [] as string[],
  recentDocuments: [] as string[],
};
