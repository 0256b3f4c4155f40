/**
 * What the desktop shell puts into its page as `window.underpaintShell`. A browser has no such thing.
 *
 * Beside it, each load of the page is given a message port to the studio: a `message` event of the window, from the
 * page's own origin, with `data.type` equal to `PORT_MESSAGE` and the port in `ports[0]`. It comes when the document
 * has been parsed, so its listener must be there before `DOMContentLoaded`, as it is in a module script.
 */

export const PORT_MESSAGE = 'underpaint-port';

/** What a person may be asked to choose. `file`: a project or an image; `model`: checkpoint files of one model. */
export type OpenKind = 'file' | 'images' | 'model' | 'folder';
export type SaveKind = 'project' | 'image';

export interface ShellApi {
  /** As Node names it: `linux`, `darwin` or `win32`. */
  readonly platform: string;
  /** Absolute path of a dropped or chosen DOM `File`; empty when it is on no disk. */
  pathForFile(file: object): string;
  /**
   * Told of every command of the menu, as an id and for some an argument: `file.open` with the path of a project is
   * sent when the system asks to open it. Commands that came before there was a listener are told at once.
   *
   * @returns takes the listener away
   */
  onMenuCommand(listener: (command: string, argument?: string) => void): () => void;
  /** Absolute paths of what was chosen; empty when the person changed their mind. */
  showOpenDialog(kind: OpenKind): Promise<readonly string[]>;
  /** Absolute path to save to, or null. `suggestedName` is a file name without a folder. */
  showSaveDialog(kind: SaveKind, suggestedName: string): Promise<string | null>;
  /** Whether the title bar says that something is unsaved, on systems where it can. */
  setDocumentEdited(edited: boolean): void;
}
