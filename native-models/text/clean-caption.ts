/**
 * Prompts as the captions that LlamaGen and ControlAR were trained on: in lower case, without addresses, tags, ids and other
 * things of the web. Chinese is removed: the models have never seen any.
 * Source: what DeepFloyd IF does to captions, as FoundationVision/LlamaGen `language/t5.py` (commit ce98ec4) runs it, twice. Their
 * repair of wrongly decoded bytes is left out, and of named HTML entities the common ones are known.
 */

/** Python's \w, \d and \b, which know all alphabets. */
const WORD = '[\\p{L}\\p{N}_]';
const DIGIT = '\\p{Nd}';
const EDGE = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;

type Rule = readonly [pattern: RegExp, replacement: string];

/** A rule in Python's notation. */
function rule(pattern: string, replacement = '', flags = 'gu'): Rule {
  const source = pattern
    .replace(/\\b/g, () => EDGE)
    .replace(/\\w/g, () => WORD)
    .replace(/\\d/g, () => DIGIT)
    .replace(/\[\[w\]/g, () => '[\\p{L}\\p{N}_');
  return [new RegExp(source, flags), replacement];
}

const DOMAINS = '[a-zA-Z0-9.\\-]+[.](?:com|co|ru|net|org|edu|gov|it)[[w]/\\-]*\\b/?(?!@)';
const SUFFIXES = '(?:png|jpg|jpeg|bmp|webp|eps|pdf|apk|mp4)';
const DASHES =
  '[\\u002D\\u058A\\u05BE\\u1400\\u1806\\u2010-\\u2015\\u2E17\\u2E1A\\u2E3A\\u2E3B\\u2E40\\u301C\\u3030\\u30A0\\uFE31\\uFE32\\uFE58\\uFE63\\uFF0D]+';

const BEFORE_MARKUP: readonly Rule[] = [
  rule('<person>', 'person'),
  rule(`\\b(?:https?:(?:/{1,3}|[a-zA-Z0-9%])|${DOMAINS})`),
  rule(`\\b(?:www:(?:/{1,3}|[a-zA-Z0-9%])|${DOMAINS})`),
];

const AFTER_MARKUP: readonly Rule[] = [
  rule('@\\w+\\b'),
  rule('[\\u31c0-\\u31ff\\u3200-\\u33ff\\u3400-\\u4dff\\u4e00-\\u9fff]+'),
  rule(DASHES, '-'),
  rule('[`´«»“”¨]', '"'),
  rule('[‘’]', "'"),
  rule('&quot;?'),
  rule('&amp'),
  rule('\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}', ' '),
  rule('\\d:\\d\\d\\s+$'),
  rule('\\\\n', ' '),
  rule('#\\d{1,3}\\b'),
  rule('#\\d{5,}\\b'),
  rule('\\b\\d{6,}\\b'),
  rule(`\\S+\\.${SUFFIXES}`),
  rule('["\']{2,}', '"'),
  rule('\\.{2,}', ' '),
  rule('[#®•©™&@·º½¾¿¡§~)(\\]\\[}{|\\\\/*]+', ' '),
  rule('\\s+\\.\\s+', ' '),
];

const AFTER_REPAIR: readonly Rule[] = [
  rule('\\b[a-zA-Z]{1,3}\\d{3,15}\\b'),
  rule('\\b[a-zA-Z]+\\d+[a-zA-Z]+\\b'),
  rule('\\b\\d+[a-zA-Z]+\\d+\\b'),
  rule('(?:worldwide\\s+)?(?:free\\s+)?shipping'),
  rule('(?:free\\s)?download(?:\\sfree)?'),
  rule('\\bclick\\b\\s(?:for|on)\\s\\w+'),
  rule(`\\b${SUFFIXES}(?:\\simages?)?`),
  rule('\\bpage\\s+\\d+\\b'),
  rule('\\b\\d*[a-zA-Z]+\\d+[a-zA-Z]+\\d+[a-zA-Z\\d]*\\b', ' '),
  rule('\\b\\d+\\.?\\d*[xх×]\\d+\\.?\\d*\\b'),
  rule('\\b\\s+:\\s+', ': '),
  rule('([^\\d][,./])\\b', '$1 '),
  rule('\\s+', ' '),
  rule('^["\'](.+)["\']$', '$1'),
  rule("^['_,\\-:;]"),
  rule("['_,\\-:+]$"),
  rule('^\\.\\S+$'),
];

const JOINTS = /[-_]/g;
/** More hyphens than this are a way to join words. */
const MOST_JOINTS = 3;

/** What stands behind so many characters is not looked at: the text encoder takes 120 tokens, about 500 characters. */
const MOST_CHARACTERS = 4000;

/** The prompt as the text encoder is to see it; may be empty. */
export function cleanCaption(prompt: string): string {
  return cleanOnce(cleanOnce(prompt.slice(0, MOST_CHARACTERS)));
}

function cleanOnce(prompt: string): string {
  const plain = applyRules(unquoted(prompt).trim().toLowerCase(), BEFORE_MARKUP);
  let text = applyRules(withoutMarkup(plain), AFTER_MARKUP);
  if ((text.match(JOINTS)?.length ?? 0) > MOST_JOINTS) text = text.replace(JOINTS, ' ');
  return applyRules(unescaped(unescaped(repaired(text))).trim(), AFTER_REPAIR).trim();
}

function applyRules(text: string, rules: readonly Rule[]): string {
  return rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** Python's `unquote_plus`: + is a space, and %20 too; what is no UTF-8 becomes a replacement character. */
function unquoted(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    const bytes = escapes
      .slice(1)
      .split('%')
      .map((digits) => Number.parseInt(digits, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}

function withoutMarkup(text: string): string {
  return unescaped(text.replace(/<!--[\s\S]*?-->|<[!?][^>]*>|<\/?[a-z][^>]*>/g, ''));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)
      ? String.fromCodePoint(point)
      : '\ufffd';
  });
}

/** Ligatures and full-width letters as plain ones, no control characters, accents joined to their letters. */
function repaired(text: string): string {
  return (
    text
      .replace(/[\ufb00-\ufb06\uff01-\uff5e\u3000]/g, (character) => character.normalize('NFKC'))
      .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed.
      .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f\ufeff\ufff9-\ufffc]/g, '')
      .normalize('NFC')
  );
}
