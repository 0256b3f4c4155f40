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
  /** What the person may do about it. */
  readonly action: NoticeAction | undefined;
}

export interface NoticeAction {
  readonly label: string;
  run(): void;
}

const SHOWN = 4;
const INFO_MS = 5000;
/** Time to take something back. */
const ACTION_MS = 12_000;

export const noticeStore = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));

export function notify(
  kind: Notice['kind'],
  message: string,
  more: Partial<Pick<Notice, 'hint' | 'action'>> = {},
): void {
  const notice = { id: newId(), kind, message, hint: more.hint, action: more.action };
  noticeStore.setState(({ notices }) => ({
    notices: [...notices.filter((other) => other.message !== message), notice].slice(-SHOWN),
  }));
  if (kind === 'info') setTimeout(() => dismissNotice(notice.id), more.action ? ACTION_MS : INFO_MS);
}

/** What was stopped on purpose is no failure. */
export function reportError(error: unknown): void {
  // A lost connection has a notice of its own.
  if (isCancelled(error) || !uiStore.getState().connected) return;
  const { message, hint } = toStudioError(error);
  notify('error', message, { hint });
}

export function dismissNotice(id: string): void {
  noticeStore.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
