/**
 * The access token for the hub: in the system's keychain, and where there is none in a file that only its owner can read.
 */
import { chmod, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { writeError, writeFileAtomic } from '../files/atomic-write.ts';

export type TokenPlace = 'keychain' | 'file';

/** A keychain's entry. */
export interface Keychain {
  get(): Promise<string | null>;
  set(token: string): Promise<void>;
  remove(): Promise<void>;
}

const SERVICE = 'Underpaint';
const ACCOUNT = 'huggingface.co';
/** As the hub makes them. */
const TOKEN = /^hf_\w{1,200}$/;

export class TokenStore {
  readonly #file: string;
  readonly #openKeychain: () => Promise<Keychain>;

  /** @param file for systems without a keychain */
  constructor(file: string, openKeychain: () => Promise<Keychain> = systemKeychain) {
    this.#file = file;
    this.#openKeychain = openKeychain;
  }

  /** The token, or undefined. HF_TOKEN, which the hub's own programs read, counts when there is none. */
  async read(): Promise<string | undefined> {
    return (await this.#stored())?.token ?? (process.env.HF_TOKEN || undefined);
  }

  /** Where a token is kept, or undefined when there is none. */
  async place(): Promise<TokenPlace | undefined> {
    return (await this.#stored())?.place;
  }

  /** Keeps a token, or forgets it. Throws `bad-request` for what is no token, `unwritable`. */
  async write(token: string | null): Promise<TokenPlace | undefined> {
    if (token !== null && !TOKEN.test(token)) {
      throw new StudioError('bad-request', 'This is no access token of the hub.', {
        hint: 'It begins with "hf_". Make one at huggingface.co/settings/tokens; it need only read.',
      });
    }
    await this.#forget();
    if (token === null) return undefined;
    try {
      await (await this.#openKeychain()).set(token);
      return 'keychain';
    } catch {
      await this.#writeFile(token);
      return 'file';
    }
  }

  async #stored(): Promise<{ readonly token: string; readonly place: TokenPlace } | undefined> {
    const kept = await this.#openKeychain()
      .then(
        (keychain) => keychain.get(),
        () => null,
      )
      .catch(() => null);
    if (kept) return { token: kept, place: 'keychain' };
    const text = (await readFile(this.#file, 'utf8').catch(() => '')).trim();
    return TOKEN.test(text) ? { token: text, place: 'file' } : undefined;
  }

  async #forget(): Promise<void> {
    await this.#openKeychain()
      .then((keychain) => keychain.remove())
      .catch(() => {});
    await rm(this.#file, { force: true });
  }

  async #writeFile(token: string): Promise<void> {
    try {
      await mkdir(dirname(this.#file), { recursive: true });
    } catch (error) {
      throw writeError(this.#file, error);
    }
    // Empty and closed to others first, so that nobody reads the token in between.
    await writeFileAtomic(this.#file, '');
    await chmod(this.#file, 0o600);
    const file = await open(this.#file, 'r+');
    await file.writeFile(token).finally(() => file.close());
  }
}

/** Throws where the system has no keychain. */
async function systemKeychain(): Promise<Keychain> {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  // The kernel's keyring, which would be taken otherwise, forgets everything when the machine is switched off.
  const entry = AsyncEntry.withTarget(SERVICE, SERVICE, ACCOUNT, { linux: { store: 'secret-service' } });
  return {
    get: async () => (await entry.getPassword()) ?? null,
    set: (token) => entry.setPassword(token),
    remove: async () => {
      await entry.deletePassword();
    },
  };
}
