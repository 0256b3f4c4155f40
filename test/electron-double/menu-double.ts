/**
 * `Menu`: a tree of items that tests click.
 */
import { BrowserWindowDouble } from './browser-window-double.ts';

interface Item {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly Item[];
  readonly click?: (item: Item, window: BrowserWindowDouble | undefined, event: object) => void;
}

let applicationMenu: Menu | null = null;

export class Menu {
  static buildFromTemplate(items: readonly Item[]): Menu {
    return new Menu(items);
  }

  static setApplicationMenu(menu: Menu): void {
    applicationMenu = menu;
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }

  readonly #items: readonly Item[];

  constructor(items: readonly Item[]) {
    this.#items = items;
    for (const item of this.all()) {
      if (!item.label && !item.role && item.type !== 'separator') throw new Error('A menu item needs a label or role.');
    }
  }

  all(): Item[] {
    return this.#items.flatMap((item) => [item, ...new Menu(item.submenu ?? []).all()]);
  }

  /** As Electron's items, whose `click` chooses them in the window that has the focus. */
  getMenuItemById(id: string): { click(): void } | null {
    const item = this.all().find((candidate) => candidate.id === id);
    if (!item) return null;
    return { click: () => item.click?.(item, BrowserWindowDouble.getFocusedWindow() ?? undefined, {}) };
  }
}
