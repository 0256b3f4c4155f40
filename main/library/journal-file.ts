/**
 * A list that outlives the program: a file with the whole list, replaced at each change.
 */
import { list, type Parser } from '../../app/contracts/parse.ts';
import { loadJson, saveJsonText } from './json-file.ts';

export class JournalFile<T> {
  readonly #path: string;
  readonly #parse: Parser<T>;
  /** What is to be written next. */
  #waiting: string | undefined;
  #writing: Promise<void> | undefined;
  #failure: unknown;

  /**
   * @param path need not exist yet
   * @param parse of an item; one that it throws for is dropped
   */
  constructor(path: string, parse: Parser<T>) {
    this.#path = path;
    this.#parse = parse;
  }

  /**
   * The list as it was saved last; empty when there is none, or a damaged one, which is kept as `<name>.broken.json`.
   *
   * @throws StudioError corrupt-input when the file may not be read, unwritable when a damaged one cannot be moved
   */
  async load(): Promise<T[]> {
    const items = (await loadJson(this.#path, (value) => list((item) => item)(value, 'journal'))) ?? [];
    return items.flatMap((item, index) => this.#parseItem(item, index));
  }

  /**
   * Writes the list soon, as it is now. Of lists that come while one is written, only the last is kept. What goes wrong
   * is tried again with the next call, and told by `flush`.
   */
  save(items: readonly T[]): void {
    this.#waiting = JSON.stringify(items);
    this.#writing ??= this.#writeWaiting();
  }

  /** Waits until the last list is on the disk. Throws `unwritable` or `disk-full` when it cannot be written. */
  async flush(): Promise<void> {
    if (this.#waiting !== undefined) this.#writing ??= this.#writeWaiting();
    await this.#writing;
    if (this.#waiting !== undefined) throw this.#failure;
  }

  async #writeWaiting(): Promise<void> {
    let failed = false;
    while (this.#waiting !== undefined && !failed) {
      const text = this.#waiting;
      this.#waiting = undefined;
      try {
        await saveJsonText(this.#path, text);
      } catch (error) {
        this.#failure = error;
        failed = this.#waiting === undefined;
        this.#waiting ??= text;
      }
    }
    this.#writing = undefined;
  }

  #parseItem(item: unknown, index: number): T[] {
    try {
      return [this.#parse(item, `journal[${index}]`)];
    } catch {
      return [];
    }
  }
}
