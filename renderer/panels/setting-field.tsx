/**
 * A setting, drawn from what a model or a preprocessor says of it.
 */
import type { SettingSpec, SettingValue } from '../../app/generation/request.ts';
import { useWords } from '../text/words.ts';
import { Checkbox, Select, Slider } from '../widgets/field.tsx';

interface SettingFieldProps {
  readonly spec: SettingSpec;
  /** Undefined for the default. */
  readonly value: SettingValue | undefined;
  readonly onChange: (value: SettingValue | undefined) => void;
  /** A slider was let go. */
  readonly onDone?: () => void;
}

export function SettingField({ spec, value, onChange, onDone }: SettingFieldProps) {
  const words = useWords().samplerSettings[spec.id];
  const { name, help } = words ?? spec;
  if (spec.kind === 'switch') {
    return <Checkbox label={name} help={help} checked={(value ?? spec.default) === true} onChange={onChange} />;
  }
  if (spec.kind === 'choice') {
    return (
      <Select
        label={name}
        help={help}
        value={String(value ?? spec.default)}
        options={spec.options.map((option) => [option.value, option.name] as const)}
        onChange={onChange}
      />
    );
  }
  const reset = () => {
    onChange(undefined);
    onDone?.();
  };
  return (
    <div>
      <Slider
        label={name}
        help={help}
        className="w-full"
        value={Number(value ?? spec.default)}
        min={spec.min}
        max={spec.max}
        step={spec.step}
        onChange={onChange}
        onDone={onDone}
        onReset={value === undefined ? undefined : reset}
      />
      <p className="mt-1 text-2xs text-muted">{help}</p>
    </div>
  );
}
