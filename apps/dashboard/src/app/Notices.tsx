/** The newest notifications, for a while, in a corner; all of them stay in the history. */
import { useMemo } from 'react';
import { dismiss, useNotifications } from '../services/notificationStore.ts';

const SHOWN = 4;
const SIGNS = { success: '✓', info: 'i', warning: '!', error: '✕' } as const;

export function Notices() {
  const all = useNotifications((state) => state.all);
  const shown = useMemo(() => all.filter((each) => each.shown).slice(0, SHOWN), [all]);
  return (
    <ol className="notices" aria-live="polite" aria-label="Notifications">
      {shown.map(({ id, kind, title, detail }) => (
        <li key={id} data-kind={kind}>
          <span aria-hidden="true" className="sign">
            {SIGNS[kind]}
          </span>
          <div>
            <strong>{title}</strong>
            {detail !== '' && <p>{detail}</p>}
          </div>
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </li>
      ))}
    </ol>
  );
}
