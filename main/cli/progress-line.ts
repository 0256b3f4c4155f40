/**
 * One line on stderr that says how far something is: replaced on a terminal, repeated now and then elsewhere.
 */
const PAUSE_MS = 2_000;

export class ProgressLine {
  #shown = '';
  /** What is quick needs no progress in a log. */
  #at = performance.now();

  show(text: string): void {
    if (text === this.#shown) return;
    if (process.stderr.isTTY) {
      const width = process.stderr.columns || 80;
      process.stderr.write(`\r\u001b[K${text.slice(0, width - 1)}`);
      this.#shown = text;
    } else if (performance.now() - this.#at > PAUSE_MS) {
      this.#at = performance.now();
      this.#shown = text;
      process.stderr.write(`${text}\n`);
    }
  }

  /** Makes room for other output. */
  clear(): void {
    if (process.stderr.isTTY && this.#shown !== '') process.stderr.write('\r\u001b[K');
    this.#shown = '';
  }
}
