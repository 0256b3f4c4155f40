/**
 * An event of Electron's whose default a listener may prevent.
 */
export class PreventableEvent {
  #prevented = false;

  get defaultPrevented(): boolean {
    return this.#prevented;
  }

  preventDefault(): void {
    this.#prevented = true;
  }
}

/** The same with details, as navigation events have them. */
export function preventable<T extends object>(details: T): PreventableEvent & T {
  return Object.assign(new PreventableEvent(), details);
}
