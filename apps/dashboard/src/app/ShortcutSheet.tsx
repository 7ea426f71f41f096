/** All keys on one sheet: opened by "?". */
import { Dialog } from 'radix-ui';
import { SHORTCUTS } from './useShortcuts.ts';

interface ShortcutSheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function ShortcutSheet({ open, onOpenChange }: ShortcutSheetProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog">
          <Dialog.Title>Keyboard</Dialog.Title>
          <Dialog.Description>Everything can be reached with Tab; these go straight there.</Dialog.Description>
          <dl className="shortcuts">
            {SHORTCUTS.map(({ keys, meaning }) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
            <div>
              <dt>
                <kbd>?</kbd>
              </dt>
              <dd>This sheet</dd>
            </div>
          </dl>
          <div className="dialogButtons">
            <Dialog.Close>Close</Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
