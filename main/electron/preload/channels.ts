/**
 * Names of the messages between main and the preload script.
 */

/** To the page, with its port; no data. */
export const PORT_CHANNEL = 'studio-port';
/** To the page: a command's id and perhaps an argument. */
export const COMMAND_CHANNEL = 'studio-command';
export const OPEN_DIALOG_CHANNEL = 'studio-open-dialog';
export const SAVE_DIALOG_CHANNEL = 'studio-save-dialog';
export const EDITED_CHANNEL = 'studio-edited';
