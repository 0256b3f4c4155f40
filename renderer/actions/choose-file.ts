/**
 * Asks the person for a file, and opens it.
 */
import { openFile } from './painting-files.ts';

const ACCEPTED = '.underpaint,.png,.jpg,.jpeg,.webp,.avif';

/** The browser's own chooser works in the desktop program too, and gives the file's path there. */
export function chooseFile(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = ACCEPTED;
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void openFile(file);
  });
  input.click();
}
