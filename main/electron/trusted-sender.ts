/**
 * Whose messages main takes: those of the main frame of the studio's own page.
 */
import type { IpcMainEvent, IpcMainInvokeEvent, WebFrameMain } from 'electron/main';
import { StudioError } from '../../app/base/errors.ts';
import { isAppUrl } from './app-protocol.ts';

export function isTrustedFrame(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}

/** Throws `bad-request` for anybody else. */
export function checkSender({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): void {
  if (!isTrustedFrame(senderFrame)) throw new StudioError('bad-request', 'Only the studio itself may ask for this.');
}
