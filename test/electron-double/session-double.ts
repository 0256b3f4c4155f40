/**
 * `session` and `protocol`: permissions, requests, own schemes.
 */
import type { BrowserContext, Route } from 'playwright-core';

type Decide<T> = (answer: T) => void;
type PermissionRequestHandler = (contents: unknown, permission: string, decide: Decide<boolean>) => void;
type PermissionCheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean;
type BeforeRequest = (details: { url: string }, decide: Decide<{ cancel?: boolean }>) => void;
type SchemeHandler = (request: Request) => Response | Promise<Response>;

/** Permissions that Chromium can be told about, by Electron's and by Playwright's name. */
const PERMISSIONS: readonly (readonly [string, string])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['clipboard-read', 'clipboard-read'],
  ['midi', 'midi'],
];

/** Chromium knows no scheme of ours: its pages stand under `https://HOST.SCHEME.test` instead. */
const STAND_IN = /^https:\/\/([^/]+)\.([a-z]+)\.test(?=\/|$)/;

export function toChromium(url: string): string {
  const match = /^([a-z]+):\/\/([^/]+)/.exec(url);
  const known = match?.[1] && protocol.handlers.has(match[1]);
  return match && known ? `https://${match[2]}.${match[1]}.test${url.slice(match[0].length)}` : url;
}

export function fromChromium(url: string): string {
  return url.replace(STAND_IN, '$2://$1');
}

class ProtocolDouble {
  readonly handlers = new Map<string, SchemeHandler>();
  readonly #privileged = new Set<string>();
  #frozen = false;

  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string }[]): void {
    if (this.#frozen) throw new Error('Schemes must be registered before the app is ready.');
    for (const { scheme } of schemes) this.#privileged.add(scheme);
  }

  freezeSchemes(): void {
    this.#frozen = true;
  }

  handle(scheme: string, handler: SchemeHandler): void {
    if (!this.#privileged.has(scheme)) throw new Error(`The scheme ${scheme} has no privileges.`);
    this.handlers.set(scheme, handler);
  }
}

export class SessionDouble {
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => {
      this.#beforeRequest = listener;
    },
  };
  #beforeRequest: BeforeRequest | undefined;
  #request: PermissionRequestHandler | undefined;
  #check: PermissionCheckHandler | undefined;

  setPermissionRequestHandler(handler: PermissionRequestHandler): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheckHandler): void {
    this.#check = handler;
  }

  setDevicePermissionHandler(_handler: () => boolean): void {}

  /** Chromium gets what the handlers say; like Electron, everything where there is no handler. */
  async applyPermissions(context: BrowserContext): Promise<void> {
    const granted = PERMISSIONS.filter(([name]) => this.#isGranted(name)).map(([, name]) => name);
    await context.grantPermissions(granted);
  }

  /** Answers a request of a page. */
  async answer(route: Route): Promise<void> {
    const request = route.request();
    const url = fromChromium(request.url());
    if (this.#isCancelled(url)) return route.abort('blockedbyclient');
    const handler = protocol.handlers.get(new URL(url).protocol.slice(0, -1));
    if (!handler) return route.abort('namenotresolved');
    const response = await handler(new Request(url, { method: request.method() }));
    const body = Buffer.from(await response.arrayBuffer());
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
  }

  #isGranted(permission: string): boolean {
    if (this.#check?.(null, permission, '', {})) return true;
    if (!this.#request) return this.#check === undefined;
    let granted = false;
    this.#request(null, permission, (answer) => {
      granted = answer;
    });
    return granted;
  }

  #isCancelled(url: string): boolean {
    let cancelled = false;
    this.#beforeRequest?.({ url }, ({ cancel }) => {
      cancelled = cancel === true;
    });
    return cancelled;
  }
}

export const protocol = new ProtocolDouble();
export const session = { defaultSession: new SessionDouble() };
