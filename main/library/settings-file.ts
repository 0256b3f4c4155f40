/**
 * The person's settings as a file.
 */
import {
  DEFAULT_SETTINGS,
  parseSettingsChange,
  readSettings,
  type UserSettings,
} from '../../app/library/user-settings.ts';
import { loadJson, saveJsonText } from './json-file.ts';

export class SettingsFile {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  /** @param path need not exist yet */
  constructor(path: string) {
    this.#path = path;
  }

  /** Never throws: what cannot be read takes its default. A damaged file is kept as `<name>.broken.json`. */
  read(): Promise<UserSettings> {
    return this.#inTurn(() => this.#load()).catch(() => DEFAULT_SETTINGS);
  }

  /**
   * Changes some settings and keeps the others; changes happen one after the other.
   *
   * @returns all settings
   * @throws StudioError bad-request for a value that makes no sense, unwritable, disk-full, or corrupt-input when there
   *   is a file that may not be read; the file is then as it was
   */
  update(change: Partial<UserSettings>): Promise<UserSettings> {
    return this.#inTurn(async () => {
      const settings = { ...(await this.#load()), ...parseSettingsChange(change, 'settings') };
      await saveJsonText(this.#path, `${JSON.stringify(settings, null, 2)}\n`);
      return settings;
    });
  }

  async #load(): Promise<UserSettings> {
    return (await loadJson(this.#path, parseObject)) ?? DEFAULT_SETTINGS;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

function parseObject(value: unknown): UserSettings {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return readSettings(value);
  throw new TypeError('Settings are an object.');
}
