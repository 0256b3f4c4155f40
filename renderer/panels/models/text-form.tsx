/**
 * One text and the button that does something with it.
 */
import { useState } from 'react';
import { TextButton } from '../../widgets/button.tsx';

interface TextFormProps {
  readonly label: string;
  readonly placeholder: string;
  readonly go: string;
  /** Not shown while it is typed. */
  readonly secret?: boolean;
  readonly onSubmit: (text: string) => void;
}

export function TextForm({ label, placeholder, go, secret = false, onSubmit }: TextFormProps) {
  const [text, setText] = useState('');
  const submit = () => {
    if (text.trim() === '') return;
    onSubmit(text.trim());
    setText('');
  };
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        type={secret ? 'password' : 'text'}
        autoComplete="off"
        aria-label={label}
        placeholder={placeholder}
        className="h-8 min-w-0 flex-1 rounded-md border border-edge bg-field px-2 hover:border-muted"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <TextButton aria-label={`${go}: ${label}`} disabled={text.trim() === ''} onClick={submit}>
        {go}
      </TextButton>
    </form>
  );
}
