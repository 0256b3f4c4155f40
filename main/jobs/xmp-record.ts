/**
 * A picture's record as XMP, which JPEG, WebP, AVIF and TIFF files can carry.
 *
 * Source: ISO 16684-1 (XMP), section 7: a packet is RDF in an x:xmpmeta element; a property of our own namespace holds the
 * record as JSON.
 */
import { StudioError } from '../../app/base/errors.ts';
import { type PictureRecord, parsePictureRecord } from './picture-record.ts';

const NAMESPACE = 'https://underpaint.app/ns/1.0/';
const RECORD = /<underpaint:record>([^<]*)<\/underpaint:record>/;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const UNESCAPES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

export function writeXmp(record: PictureRecord): string {
  const json = JSON.stringify(record).replace(/[&<>]/g, (letter) => ESCAPES[letter] as string);
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    `<rdf:Description rdf:about="" xmlns:underpaint="${NAMESPACE}">`,
    `<underpaint:record>${json}</underpaint:record>`,
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="r"?>',
  ].join('');
}

/** Throws `corrupt-input` when there is no record, or one that makes no sense. */
export function readXmp(xmp: string): PictureRecord {
  const text = RECORD.exec(xmp)?.[1];
  try {
    if (text === undefined) throw new SyntaxError('The XMP has no record.');
    const json = text.replace(/&(?:amp|lt|gt|quot|apos);/g, (name) => UNESCAPES[name] as string);
    return parsePictureRecord(JSON.parse(json), 'record');
  } catch (cause) {
    throw new StudioError('corrupt-input', 'The picture does not say how it was made.', {
      hint: 'Take the file that Underpaint wrote: many programs drop the record when they save a copy.',
      cause,
    });
  }
}
