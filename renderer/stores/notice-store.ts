/**
 * Sentences for the person: what went wrong, what was done.
 */
import { createStore } from 'zustand/vanilla';
import { isCancelled, toStudioError } from '../../app/base/errors.ts';
import { newId } from '../../app/base/ids.ts';
import { uiStore } from './ui-store.ts';

export interface Notice {
  readonly id: string;
  readonly kind: 'info' | 'error';
  readonly message: string;
  readonly hint: string | undefined;
}

const SHOWN = 4;
const INFO_MS = 5000;

export const noticeStore = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));

export function notify(kind: Notice['kind'], message: string, hint?: string): void {
  const notice = { id: newId(), kind, message, hint };
  noticeStore.setState(({ notices }) => ({
    notices: [...notices.filter((other) => other.message !== message), notice].slice(-SHOWN),
  }));
  if (kind === 'info') setTimeout(() => dismissNotice(notice.id), INFO_MS);
}

/** What was stopped on purpose is no failure. */
export function reportError(error: unknown): void {
  // A lost connection has a notice of its own.
  if (isCancelled(error) || !uiStore.getState().connected) return;
  const { message, hint } = toStudioError(error);
  notify('error', message, hint);
}

export function dismissNotice(id: string): void {
  noticeStore.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
