/**
 * The catalogue, and what is to be had from other addresses.
 */
import { useState } from 'react';
import { useStore } from 'zustand';
import type { AvailableModel, MemoryNeed } from '../../../app/contracts/models-api.ts';
import { install, managerStore } from '../../stores/manager-store.ts';
import type { Words } from '../../text/en.ts';
import { useWords } from '../../text/words.ts';
import { TextButton } from '../../widgets/button.tsx';
import { Consent } from './consent.tsx';
import { bytesText, countText, timeText } from './format.ts';

export function AvailableList() {
  const words = useWords().models;
  const available = useStore(managerStore, (state) => state.available);
  return (
    <div className="flex flex-col gap-3">
      <ul aria-label={words.tabs.available} className="flex flex-col gap-2">
        {available.map((model) => (
          <AvailableRow key={model.id} model={model} />
        ))}
      </ul>
      <FromAddress />
      <p className="text-muted">{words.hashes}</p>
      <p className="text-muted">{words.dataset}</p>
    </div>
  );
}

function AvailableRow({ model }: { readonly model: AvailableModel }) {
  const words = useWords().models;
  const [accepted, setAccepted] = useState(false);
  const installs = useStore(managerStore, (state) => state.installs);
  const { id, name, width, height, parameters, missing, seconds, license, needsConsent, installed, about } = model;
  const isOnItsWay = installs.some((one) => one.id === id);
  const facts = [
    words.subjects[model.subject as keyof typeof words.subjects] ?? model.subject,
    words.picture(width, height),
    words.parameters(countText(parameters, words)),
  ];
  const needs = [
    installed ? words.onDisk(bytesText(model.size, words)) : words.toDownload(bytesText(missing, words)),
    memoryText(model.memory, words),
    seconds === null ? '' : words.time(timeText(seconds, words)),
  ];
  return (
    <li className="rounded-lg border border-line bg-raised p-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h3 className="font-semibold">{name}</h3>
          <p>{facts.join(' · ')}</p>
          <p className="text-muted">{needs.filter(Boolean).join(' · ')}</p>
          <p className="text-muted">
            {words.license}: <Link href={license.url}>{license.id ?? words.noLicense}</Link>
            {' · '}
            <Link href={about}>{words.about}</Link>
          </p>
        </div>
        {installed ? (
          <span className="py-1.5 text-muted">{words.alreadyHere}</span>
        ) : (
          <TextButton
            kind="primary"
            aria-label={words.installOf(name)}
            disabled={isOnItsWay || (needsConsent && !accepted)}
            onClick={() => install({ type: 'published', id, licenseAccepted: accepted })}
          >
            {words.install}
          </TextButton>
        )}
      </div>
      {needsConsent && !installed && (
        <Consent name={name} kind={license.kind} accepted={accepted} onChange={setAccepted} />
      )}
    </li>
  );
}

function memoryText(memory: readonly MemoryNeed[], words: Words['models']): string {
  const [exact] = memory;
  if (exact?.fits) return words.memoryNeed(bytesText(exact.bytes, words));
  const smaller = memory.find(({ fits }) => fits);
  if (!smaller) return words.tooLarge;
  return words.fitsAs(bytesText(smaller.bytes, words), words.precision[smaller.precision] ?? smaller.precision);
}

function Link({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className="text-accent underline">
      {children}
    </a>
  );
}

function FromAddress() {
  const words = useWords().models;
  const [address, setAddress] = useState('');
  const [accepted, setAccepted] = useState(false);
  const go = () => {
    install({ type: 'addresses', addresses: [address.trim()], licenseAccepted: accepted });
    setAddress('');
    setAccepted(false);
  };
  return (
    <form
      className="rounded-lg border border-line bg-raised p-3"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <h3 className="mb-1 font-semibold">{words.address}</h3>
      <div className="flex gap-2">
        <input
          type="url"
          aria-label={words.address}
          placeholder={words.addressHint}
          className="h-8 min-w-0 flex-1 rounded-md border border-line bg-panel px-2"
          value={address}
          onChange={({ target }) => setAddress(target.value)}
        />
        <TextButton onClick={go} disabled={address.trim() === '' || !accepted}>
          {words.install}
        </TextButton>
      </div>
      {address.trim() !== '' && (
        <Consent name={words.address} kind="unknown" accepted={accepted} onChange={setAccepted} />
      )}
    </form>
  );
}
