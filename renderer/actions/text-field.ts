/**
 * Tells fields that take text, and with it the keys of text, from sliders, boxes and everything else.
 */
const TEXT_FIELDS =
  'input:not([type=range], [type=checkbox], [type=radio], [type=color], [type=file]), textarea, select, [contenteditable]';

export function isTextField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TEXT_FIELDS) !== null;
}
