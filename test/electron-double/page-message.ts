/**
 * What main and the preload's world of a page send each other. Both sides are the double's own, so nothing is parsed.
 */

export type ToPage =
  | { readonly kind: 'message'; readonly channel: string; readonly args: readonly unknown[]; readonly ports: number[] }
  | { readonly kind: 'reply'; readonly id: number; readonly result?: unknown; readonly error?: string }
  | PortMessage;

export type FromPage =
  | { readonly kind: 'window-open'; readonly url: string }
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: readonly unknown[] }
  | PortMessage;

type PortMessage =
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'close'; readonly port: number };

/** Name of the isolated world in which preload scripts run. */
export const WORLD = 'electron-double-preload';
/** Function in that world that sends text to main. */
export const TO_MAIN = 'electronDoubleToMain';
/** Function in that world that takes text from main. */
export const FROM_MAIN = 'electronDoubleFromMain';
/** Folder of paths that `webUtils.getPathForFile` answers with; a page cannot know real ones. */
export const DROPPED_FOLDER = '/dropped';
