/**
 * Calls between the two script worlds of a page, as Electron's context bridge makes them: values are copied, functions
 * and promises become stand-ins. The worlds share no object but the document, so events of the window carry everything;
 * Chromium clones an event's detail when another world reads it.
 */

type Packed =
  | { readonly fn: number }
  | { readonly promise: number }
  | { readonly list: readonly Packed[] }
  | { readonly fields: readonly (readonly [string, Packed])[] }
  | { readonly plain: unknown };

type Returned = { readonly value: Packed } | { readonly error: string };
type Function = (...args: unknown[]) => unknown;

export class WorldLink {
  readonly #own: string;
  readonly #other: string;
  readonly #functions = new Map<number, Function>();
  readonly #settle = new Map<number, (outcome: Returned) => void>();
  #nextId = 0;
  #returned: Returned | undefined;

  /** @param own name of this world's events; the other world's link has the two names the other way round */
  constructor(own: string, other: string) {
    this.#own = own;
    this.#other = other;
    this.#listen('call', ({ id, args }: { id: number; args: Packed[] }) => this.#answer(id, args));
    this.#listen('return', (returned: Returned) => {
      this.#returned = returned;
    });
    this.#listen('settle', ({ id, outcome }: { id: number; outcome: Returned }) => this.#settle.get(id)?.(outcome));
  }

  on(event: string, listener: (value: unknown) => void): void {
    this.#listen(event, (value: Packed) => listener(this.#unpack(value)));
  }

  send(event: string, value: unknown): void {
    this.#dispatch(event, this.#pack(value));
  }

  #listen<T>(event: string, listener: (detail: T) => void): void {
    window.addEventListener(`${this.#own}-${event}`, (received) => listener((received as CustomEvent<T>).detail));
  }

  #dispatch(event: string, detail: unknown): void {
    window.dispatchEvent(new CustomEvent(`${this.#other}-${event}`, { detail }));
  }

  #answer(id: number, args: readonly Packed[]): void {
    try {
      const result = this.#functions.get(id)?.(...args.map((arg) => this.#unpack(arg)));
      this.#dispatch('return', { value: this.#pack(result) });
    } catch (error) {
      this.#dispatch('return', { error: String(error) });
    }
  }

  #pack(value: unknown): Packed {
    if (typeof value === 'function') {
      this.#functions.set(++this.#nextId, value as Function);
      return { fn: this.#nextId };
    }
    if (value instanceof Promise) return this.#packPromise(value);
    if (Array.isArray(value)) return { list: value.map((item) => this.#pack(item)) };
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
      return { plain: value };
    }
    return { fields: Object.entries(value).map(([name, item]) => [name, this.#pack(item)] as const) };
  }

  #packPromise(promise: Promise<unknown>): Packed {
    const id = ++this.#nextId;
    promise.then(
      (value) => this.#dispatch('settle', { id, outcome: { value: this.#pack(value) } }),
      (error) => this.#dispatch('settle', { id, outcome: { error: String(error?.message ?? error) } }),
    );
    return { promise: id };
  }

  #unpack(packed: Packed): unknown {
    if ('fn' in packed) return (...args: unknown[]) => this.#call(packed.fn, args);
    if ('promise' in packed) return this.#unpackPromise(packed.promise);
    if ('list' in packed) return packed.list.map((item) => this.#unpack(item));
    if ('plain' in packed) return packed.plain;
    return Object.fromEntries(packed.fields.map(([name, item]) => [name, this.#unpack(item)]));
  }

  #unpackPromise(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#settle.set(id, (outcome) => {
        this.#settle.delete(id);
        if ('error' in outcome) reject(new Error(outcome.error));
        else resolve(this.#unpack(outcome.value));
      });
    });
  }

  /** Events are dispatched synchronously, so the answer is there when the dispatch is over. */
  #call(id: number, args: readonly unknown[]): unknown {
    this.#dispatch('call', { id, args: args.map((arg) => this.#pack(arg)) });
    const returned = this.#returned;
    if (!returned || 'error' in returned) throw new Error(returned?.error ?? 'The other world does not answer.');
    return this.#unpack(returned.value);
  }
}
