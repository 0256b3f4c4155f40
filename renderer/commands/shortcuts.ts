/**
 * Keys: how they are written, which command they stand for, and how the person changes them.
 */
import { isTextField } from '../actions/text-field.ts';
import { changeSettings, settingsStore } from '../stores/settings-store.ts';
import { uiStore } from '../stores/ui-store.ts';
import { COMMANDS, type Command, type CommandId } from './commands.ts';

const IS_MAC = navigator.platform.startsWith('Mac');
const MODIFIERS = new Set(['Control', 'Meta', 'Alt', 'Shift']);

/** The keys of an event, such as `Mod+Shift+Z`; empty for a modifier alone. */
export function keysOf(event: KeyboardEvent): string {
  if (MODIFIERS.has(event.key)) return '';
  const written = writtenKey(event);
  const isLetter = /^[a-z]$/i.test(written);
  const key = isLetter ? written.toUpperCase() : written;
  // AltGr writes characters such as [ on many keyboards; Windows tells of it as Ctrl and Alt.
  const writes = event.getModifierState('AltGraph') && !isLetter;
  const parts = [
    !writes && (IS_MAC ? event.metaKey : event.ctrlKey) ? 'Mod' : '',
    !writes && event.altKey ? 'Alt' : '',
    // Shift is part of what other characters are.
    event.shiftKey && (isLetter || event.key.length > 1) ? 'Shift' : '',
    key,
  ];
  return parts.filter((part) => part !== '').join('+');
}

/** The character of a key; where it is no Latin one, that of the same key on an English keyboard. */
function writtenKey({ key, code }: KeyboardEvent): string {
  const isForeign = key.length === 1 && key > '\u024f';
  return (isForeign && /^Key([A-Z])$/.exec(code)?.[1]) || key;
}

/** The key of a command: the person's own, or its default. */
export function keyOf({ id, key }: Command): string {
  return settingsStore.getState().shortcuts[id] ?? key;
}

export function displayKeys(keys: string): string {
  const names: Readonly<Record<string, string>> = {
    Mod: IS_MAC ? '⌘' : 'Ctrl',
    Shift: IS_MAC ? '⇧' : 'Shift',
    Alt: IS_MAC ? '⌥' : 'Alt',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
    Enter: '↵',
  };
  return keys
    .split(/\+(?!$)/)
    .map((part) => names[part] ?? part)
    .join(IS_MAC ? '' : '+');
}

/** Gives a command its keys; another command that had them loses them. Returns that one. */
export function assignKeys(id: CommandId, keys: string): Command | undefined {
  const other = COMMANDS.find((command) => command.id !== id && keyOf(command) === keys && keys !== '');
  const { shortcuts } = settingsStore.getState();
  changeSettings({ shortcuts: { ...shortcuts, [id]: keys, ...(other ? { [other.id]: '' } : {}) } });
  return other;
}

/** Whether the person chose another key. */
export function isChanged({ id, key }: Command): boolean {
  return (settingsStore.getState().shortcuts[id] ?? key) !== key;
}

export function resetKey(id: CommandId): void {
  const { [id]: _, ...shortcuts } = settingsStore.getState().shortcuts;
  changeSettings({ shortcuts });
}

export function resetKeys(): void {
  changeSettings({ shortcuts: {} });
}

/** Runs commands by their keys. Fields keep the keys that they need for typing, widgets those that they move with. */
export function listenForShortcuts(): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || uiStore.getState().dialog !== null) return;
    const keys = keysOf(event);
    if (keys === '' || belongsToFocus(event, keys)) return;
    const command = COMMANDS.find((candidate) => keyOf(candidate) === keys);
    if (!command || (command.isClipboard && keys === command.key)) return;
    event.preventDefault();
    void command.run();
  };
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}

function belongsToFocus({ target }: KeyboardEvent, keys: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (isTextField(target)) return !/^Mod\+(K|S|O|Enter|\.)$/.test(keys);
  const isWidget = target.closest('button, a, input, [role]:not(#canvas)') !== null;
  return isWidget && /^(Enter| |Arrow\w+|Escape|Tab|Shift\+Tab|Home|End|PageUp|PageDown)$/.test(keys);
}
