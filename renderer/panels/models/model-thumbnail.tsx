/**
 * A model's picture, or an empty frame before it has painted one.
 */
import { ImageOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { reportProblem } from '../../stores/manager-store.ts';
import { useWords } from '../../text/words.ts';
import { host } from '../../transport/host.ts';

export function ModelThumbnail({
  id,
  name,
  large = false,
}: {
  readonly id: string;
  readonly name: string;
  readonly large?: boolean;
}) {
  const words = useWords().models;
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let made: string | undefined;
    let gone = false;
    host('modelThumbnail', [id]).then((bytes) => {
      if (gone || !bytes) return;
      made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/png' }));
      setUrl(made);
    }, reportProblem);
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [id]);
  const size = large ? 'size-24' : 'size-14';
  if (url) return <img src={url} alt={words.thumbnail(name)} className={`${size} shrink-0 rounded-md object-cover`} />;
  return (
    <span
      role="img"
      aria-label={words.noThumbnail}
      className={`${size} flex shrink-0 items-center justify-center rounded-md bg-ground text-muted`}
    >
      <ImageOff size={18} aria-hidden="true" />
    </span>
  );
}
