/**
 * The settings that a model starts with.
 */
import type { ModelDetails } from '../../../app/contracts/models-api.ts';
import type { SettingSpec, Settings, SettingValue } from '../../../app/generation/request.ts';
import { useWords } from '../../text/words.ts';
import { Checkbox, Select, Slider } from '../../widgets/field.tsx';
import { Section } from './section.tsx';

interface DefaultSettingsProps {
  readonly details: ModelDetails;
  readonly onChange: (defaults: Settings) => void;
}

export function DefaultSettings({ details, onChange }: DefaultSettingsProps) {
  const words = useWords().models;
  const { settings, defaults, builtIn, shared } = details;
  const foreign = builtIn || shared;
  const set = (id: string, value: SettingValue | undefined) => {
    const { [id]: _, ...others } = defaults;
    onChange(value === undefined ? others : { ...others, [id]: value });
  };
  return (
    <Section title={words.defaults} hint={foreign ? words.defaultsForeign : words.defaultsHint}>
      <fieldset disabled={foreign} className="flex flex-col gap-2">
        <legend className="sr-only">{words.defaults}</legend>
        {settings.map((spec) => (
          <DefaultField
            key={spec.id}
            spec={spec}
            isOwn={spec.id in defaults}
            onChange={(value) => set(spec.id, value)}
          />
        ))}
      </fieldset>
    </Section>
  );
}

interface DefaultFieldProps {
  /** Its default is the model's own. */
  readonly spec: SettingSpec;
  readonly isOwn: boolean;
  readonly onChange: (value: SettingValue | undefined) => void;
}

function DefaultField({ spec, isOwn, onChange }: DefaultFieldProps) {
  const { name, help } = useWords().samplerSettings[spec.id] ?? spec;
  if (spec.kind === 'switch') return <Checkbox label={name} help={help} checked={spec.default} onChange={onChange} />;
  if (spec.kind === 'choice') {
    const options = spec.options.map((option) => [option.value, option.name] as const);
    return <Select label={name} value={spec.default} options={options} onChange={onChange} />;
  }
  const { min, max, step } = spec;
  return (
    <Slider
      className="w-72"
      label={name}
      help={help}
      {...{ min, max, step }}
      value={spec.default}
      onChange={onChange}
      onReset={isOwn ? () => onChange(undefined) : undefined}
    />
  );
}
